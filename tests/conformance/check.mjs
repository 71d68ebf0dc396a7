// SPDX-License-Identifier: MIT
// check.mjs BASE - the official SDK against the sandbox. The SDK builds every request and reads every
// answer itself, and throws on any code but 0; the assertions are about what arrives.
import assert from 'node:assert/strict';
import {
  ApiClient, AccountManagementApi, AdApi, AdgroupApi, AuthenticationApi, BCApi, CampaignCreationApi, ReportingApi,
  ReportTaskCreateBody,
} from 'tiktok-business-api-sdk-official';

const TOKEN = 'sandbox-token';
ApiClient.instance.basePath = process.argv[2];

// The SDK has callbacks: (error, data, response).
const call = (api, method, ...args) => new Promise((resolve, reject) => {
  api[method](...args, (error, data) => (error ? reject(error) : resolve(data.data)));
});
let n = 0;
const ok = (text) => console.log(`ok ${++n} - ${text}`);
const refused = (promise, text) => assert.rejects(promise, (error) => error.message.includes(text));

const authentication = new AuthenticationApi();
const accounts = await call(authentication, 'oauth2AdvertiserGet', 'sandbox-app', 'sandbox-secret', TOKEN);
assert.equal(accounts.list.length, 2);
const advertiser = accounts.list[0].advertiser_id;
assert.match(advertiser, /^7\d{18}$/);
ok('lists advertisers');

const info = await call(new AccountManagementApi(), 'advertiserInfo', [advertiser], TOKEN, { fields: ['currency', 'timezone'] });
assert.deepEqual(info.list, [{ currency: 'USD', timezone: 'America/New_York' }]);
ok('reads advertiser/info with fields');

const centers = new BCApi();
const center = (await call(centers, 'bcGet', TOKEN, { page_size: 50 })).list[0].bc_info;
const assets = await call(centers, 'bcAssetGet', center.bc_id, 'ADVERTISER', TOKEN, { page_size: 50 });
assert.deepEqual(assets.list.map((a) => a.asset_id), accounts.list.map((a) => a.advertiser_id));
assert.ok(assets.list.every((a) => a.advertiser_role === 'ADMIN' && a.relation_status === 'BOUND'));
assert.equal((await call(centers, 'bcMemberGet', center.bc_id, TOKEN, {})).list.length, 3);
assert.equal((await call(centers, 'bcBalanceGet', center.bc_id, TOKEN, {})).currency, center.currency);
const balances = await call(centers, 'advertiserBalanceGet', center.bc_id, TOKEN, {});
assert.equal(balances.advertiser_account_list.length, 2);
ok('lists a Business Center, its assets, members and balances');

const portal = new URL('/portal/auth', process.argv[2]);
portal.search = new URLSearchParams({ app_id: 'sandbox-app', state: 'x', redirect_uri: 'http://localhost:7777/' });
const back = new URL((await fetch(portal, { redirect: 'manual' })).headers.get('location'));
const body = { app_id: 'sandbox-app', secret: 'sandbox-secret', auth_code: back.searchParams.get('auth_code') };
const granted = await call(authentication, 'oauth2AccessToken', { body });
assert.deepEqual(granted.advertiser_ids, accounts.list.map((a) => a.advertiser_id));
assert.equal((await call(centers, 'bcGet', granted.access_token, {})).list.length, 1);
await refused(call(authentication, 'oauth2AccessToken', { body }), 'code: 40110');
ok('exchanges a code for a token');

const campaigns = new CampaignCreationApi();
const all = [];
for (let page = 1, last = 1; page <= last; page++) {
  const data = await call(campaigns, 'campaignGet', advertiser, TOKEN, { page, page_size: 7 });
  last = data.page_info.total_page;
  all.push(...data.list);
}
assert.equal(all.length, 20);
assert.equal(new Set(all.map((c) => c.campaign_id)).size, 20);
assert.ok(all.every((c) => typeof c.budget === 'number' && /^\d{16}$/.test(c.campaign_id)));
ok('lists campaigns page by page');

const first = all[0];
assert.equal(first.budget, 500);
const filtered = await call(campaigns, 'campaignGet', advertiser, TOKEN, {
  filtering: { campaign_ids: [first.campaign_id] }, fields: ['campaign_id', 'budget'],
});
assert.deepEqual(filtered.list, [{ campaign_id: first.campaign_id, budget: 500 }]);
ok('filters campaigns by id and fields');

const updated = await call(campaigns, 'campaignUpdate', TOKEN, {
  body: { advertiser_id: advertiser, campaign_id: first.campaign_id, budget: 612.5 },
});
assert.equal(updated.budget, 612.5);
assert.equal(updated.campaign_id, first.campaign_id);
const again = await call(campaigns, 'campaignGet', advertiser, TOKEN, { filtering: { campaign_ids: [first.campaign_id] } });
assert.equal(again.list[0].budget, 612.5);
assert.equal(again.list[0].campaign_name, first.campaign_name);
ok('updates a budget and reads it back');

await refused(call(campaigns, 'campaignUpdate', TOKEN, {
  body: { advertiser_id: advertiser, campaign_id: first.campaign_id, budget: 1 },
}), 'code: 40002');
await refused(call(campaigns, 'campaignGet', advertiser, 'another token', {}), 'code: 40105');
ok('is told of refusals');

const status = await call(campaigns, 'campaignStatusUpdate', TOKEN, {
  body: { advertiser_id: advertiser, campaign_ids: [first.campaign_id], operation_status: 'DISABLE' },
});
assert.equal(status.status, 'DISABLE');
ok('pauses a campaign');

const adgroups = await call(new AdgroupApi(), 'adgroupGet', advertiser, TOKEN, {
  filtering: { campaign_ids: [first.campaign_id] }, page_size: 1000,
});
assert.ok(adgroups.list.length >= 1);
assert.ok(adgroups.list.every((g) => g.secondary_status === 'ADGROUP_STATUS_CAMPAIGN_DISABLE'));
const ads = await call(new AdApi(), 'adGet', advertiser, TOKEN, { page_size: 1000 });
assert.equal(ads.list.length, 300);
ok('lists ad groups and ads');

// Writes below campaigns: each by its own endpoint, and read back.
const groups = (await call(new AdgroupApi(), 'adgroupGet', advertiser, TOKEN, { page_size: 1000 })).list
  .filter((g) => g.campaign_automation_type === 'MANUAL');
const groupNow = async (id) => (await call(new AdgroupApi(), 'adgroupGet', advertiser, TOKEN, { filtering: { adgroup_ids: [id] } })).list[0];
const two = groups.slice(0, 2).map((g) => g.adgroup_id);
const paused = await call(new AdgroupApi(), 'adgroupStatusUpdate', TOKEN, {
  body: { advertiser_id: advertiser, adgroup_ids: two, operation_status: 'DISABLE' },
});
assert.deepEqual([paused.adgroup_ids, paused.status], [two, 'DISABLE']);
assert.equal((await groupNow(two[1])).operation_status, 'DISABLE');
const partly = await call(new AdgroupApi(), 'adgroupStatusUpdate', TOKEN, {
  body: { advertiser_id: advertiser, adgroup_ids: [two[0], '1830000000000001'], operation_status: 'ENABLE', allow_partial_success: true },
});
assert.deepEqual([partly.adgroup_ids, partly.error_list.map((e) => e.adgroup_id)], [[two[0]], ['1830000000000001']]);
ok('pauses ad groups, two in one call, and one of two');

const daily = groups.find((g) => g.budget_mode === 'BUDGET_MODE_DAY' && g.bid_price > 0);
const whole_group = { ...Object.fromEntries(Object.entries(await groupNow(daily.adgroup_id)).filter(([, value]) => value !== null)), budget: 77.5 };
assert.equal((await call(new AdgroupApi(), 'adgroupUpdate', TOKEN, { body: whole_group })).budget, 77.5);
assert.equal((await groupNow(daily.adgroup_id)).bid_price, daily.bid_price);
// The SDK has no call for adgroup/budget/update.
ok('sends an ad group back with another budget');

const ad = ads.list.find((a) => a.campaign_automation_type === 'MANUAL');
assert.equal((await call(new AdApi(), 'adStatusUpdate', TOKEN, {
  body: { advertiser_id: advertiser, ad_ids: [ad.ad_id], operation_status: 'DISABLE' },
})).status, 'DISABLE');
const named = await call(new AdApi(), 'adUpdate', TOKEN, {
  body: { advertiser_id: advertiser, adgroup_id: ad.adgroup_id, patch_update: true, creatives: [{ ad_id: ad.ad_id, ad_name: 'Neu' }] },
});
assert.deepEqual(named.creatives.map((a) => [a.ad_id, a.ad_name, a.operation_status]), [[ad.ad_id, 'Neu', 'DISABLE']]);
ok('pauses an ad and names it');

const day = (ago) => new Date(Date.now() - ago * 86400000).toISOString().slice(0, 10);
const report = await call(new ReportingApi(), 'reportIntegratedGet', 'BASIC', TOKEN, {
  advertiser_id: advertiser, data_level: 'AUCTION_CAMPAIGN', dimensions: ['campaign_id', 'stat_time_day'],
  metrics: ['spend', 'impressions', 'clicks', 'ctr'], start_date: day(9), end_date: day(2), page_size: 1000,
  filtering: [{ field_name: 'campaign_ids', filter_type: 'IN', filter_value: JSON.stringify([first.campaign_id]) }],
});
assert.ok(report.list.length >= 1 && report.list.length <= 8);
for (const { dimensions, metrics } of report.list) {
  assert.equal(dimensions.campaign_id, first.campaign_id);
  assert.match(dimensions.stat_time_day, /^\d{4}-\d\d-\d\d 00:00:00$/);
  assert.ok(Math.abs(metrics.ctr - (100 * metrics.clicks) / metrics.impressions) < 0.0051);
}
ok('pulls a report of one campaign by day');

// The SDK has no call for the download, since its answer need not be JSON.
const reports = new ReportingApi();
const order = async (more) => (await call(reports, 'reportTaskCreate', TOKEN, {
  body: Object.assign(new ReportTaskCreateBody(), {
    advertiser_id: advertiser, report_type: 'BASIC', data_level: 'AUCTION_CAMPAIGN', dimensions: ['campaign_id', 'stat_time_day'],
    metrics: ['spend', 'impressions', 'clicks', 'ctr'], start_date: day(9), end_date: day(2),
    filtering: [{ field_name: 'campaign_ids', filter_type: 'IN', filter_value: JSON.stringify([first.campaign_id]) }],
    file_name: ' ', order_type: 'DESC', output_format: 'CSV_STRING', query_lifetime: false, service_type: 'AUCTION',
  }, more),
})).task_id;
const check = async (task) => (await call(reports, 'reportTaskCheck', task, advertiser, TOKEN)).status;
const done = async (task) => {
  const states = [await check(task)];
  while (states.length < 100 && ['QUEUING', 'PROCESSING'].includes(states.at(-1))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    states.push(await check(task));
  }
  return states;
};
const download = (task) => fetch(`${process.argv[2]}/open_api/v1.3/report/task/download/?advertiser_id=${advertiser}&task_id=${task}`,
  { headers: { 'Access-Token': TOKEN } });

const task = await order({ enable_report_title_translation: false });
assert.match(task, /^\d{19}$/);
const states = await done(task);
assert.ok(states.length > 1);
assert.equal(states.at(-1), 'SUCCESS');
const answer = await download(task);
assert.match(answer.headers.get('content-type'), /^text\/csv/);
const [names, ...lines] = (await answer.text()).trimEnd().split('\n').map((line) => line.split(','));
assert.deepEqual(names, ['campaign_id', 'stat_time_day', 'spend', 'impressions', 'clicks', 'ctr']);
assert.deepEqual(lines, report.list.map(({ dimensions, metrics }) => [dimensions.campaign_id, dimensions.stat_time_day.slice(0, 10),
  metrics.spend, metrics.impressions, metrics.clicks, metrics.ctr]));
ok('orders the same report and downloads it');

const linked = await order({ output_format: 'CSV_DOWNLOAD', file_name: 'by day' });
await refused(call(reports, 'reportTaskCheck', linked, accounts.list[1].advertiser_id, TOKEN), 'code: 40002');
assert.equal((await done(linked)).at(-1), 'SUCCESS');
const { data } = await (await download(linked)).json();
assert.equal(data.file_name, 'by day.csv');
assert.equal((await (await fetch(data.download_url)).text()).split('\n')[0], 'Campaign ID,By Day,Cost,Impressions,Clicks (Destination),CTR (Destination)');
ok('orders a report that a link leads to');

const cancel = (id) => call(reports, 'reportTaskCancel', TOKEN, { body: { advertiser_id: advertiser, task_id: id } });
const unwanted = await order();
assert.equal((await cancel(unwanted)).status, 'CANCELED');
assert.equal(await check(unwanted), 'CANCELED');
await refused(cancel(task), 'code: 40200');
ok('cancels an order');
// The SDK writes each list and each filter; sums are of hundredths.
const pull = (type, options) => call(new ReportingApi(), 'reportIntegratedGet', type, TOKEN, { start_date: day(4), end_date: day(4), page_size: 1000, ...options });
const total = (list, name) => list.reduce((sum, row) => sum + Math.round(row.metrics[name] * 100), 0);
const metrics = ['spend', 'impressions', 'clicks', 'conversion'];
const whole = await pull('BASIC', { advertiser_id: advertiser, data_level: 'AUCTION_ADVERTISER', dimensions: ['advertiser_id', 'stat_time_day'], metrics });
const hours = await pull('BASIC', { advertiser_id: advertiser, data_level: 'AUCTION_ADVERTISER', dimensions: ['advertiser_id', 'stat_time_hour'], metrics });
assert.equal(whole.list.length, 1);
assert.ok(hours.list.length >= 23 && hours.list.length <= 24);
assert.ok(hours.list.every((row) => /^\d{4}-\d\d-\d\d \d\d:00:00$/.test(row.dimensions.stat_time_hour)));
metrics.forEach((name) => assert.equal(total(hours.list, name), total(whole.list, name), name));
ok('pulls a day by hour, which is the day');

const people = await pull('AUDIENCE', {
  advertiser_id: advertiser, data_level: 'AUCTION_CAMPAIGN', dimensions: ['campaign_id', 'age', 'gender'], metrics,
});
assert.ok(people.list.length > 20);
assert.ok(people.list.every(({ dimensions }) => /^(AGE_\d\d_\d+|NONE)$/.test(dimensions.age) && /^(FEMALE|MALE|NONE)$/.test(dimensions.gender)));
metrics.forEach((name) => assert.equal(total(people.list, name), total(whole.list, name), name));
await refused(pull('AUDIENCE', {
  advertiser_id: advertiser, data_level: 'AUCTION_CAMPAIGN', dimensions: ['age'], metrics: ['reach'],
}), 'Conflict occurs. The input params including metrics and dimensions have no relation.');
ok('pulls an audience report by age and gender, and is told what does not go together');

const held = await pull('BC', { bc_id: center.bc_id, dimensions: ['advertiser_id'] });
assert.deepEqual(held.list.map((row) => row.dimensions.advertiser_id), accounts.list.map((a) => a.advertiser_id));
assert.equal(total(held.list.slice(0, 1), 'spend'), total(whole.list, 'spend'));
assert.ok(Object.keys(held.list[0].metrics).length > 20);
const both = await pull('BASIC', {
  advertiser_ids: accounts.list.map((a) => a.advertiser_id), data_level: 'AUCTION_ADVERTISER', dimensions: ['advertiser_id'], metrics,
});
assert.deepEqual(both.list.map((row) => row.metrics.currency), ['USD', 'JPY']);
ok('pulls a report of a Business Center, and one of several accounts');
console.log(`1..${n}`);
