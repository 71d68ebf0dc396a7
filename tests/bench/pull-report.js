// SPDX-License-Identifier: MIT
// pull-report.js SDK-DIRECTORY URL APP SECRET TOKEN LEVEL FIRST LAST - a report by day of every account, as lines
// of JSON, by the official Node SDK as its documentation uses it: one call after the other, the
// largest pages, 30 days a call. Nothing is kept longer than its page. Prints to standard error:
// its peak memory, in kB.
'use strict';

const path = require('path');
const { pathToFileURL } = require('url');

const DAY = 24 * 60 * 60 * 1000;
const METRICS = ['spend', 'impressions', 'clicks', 'ctr', 'cpc', 'cpm', 'conversion', 'cost_per_conversion'];

const day = (time) => new Date(time).toISOString().slice(0, 10);

async function main(directory, url, app, secret, token, level, first, last) {
  const sdk = await import(pathToFileURL(path.join(directory, 'src', 'index.js')).href);
  sdk.ApiClient.instance.basePath = url;

  function ask(api, method, ...parameters) {
    return new Promise((resolve, reject) => {
      api[method](...parameters, (error, answer) => (error ? reject(error) : resolve(answer.data)));
    });
  }

  async function pull(advertiser, start, end) {
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const data = await ask(new sdk.ReportingApi(), 'reportIntegratedGet', 'BASIC', token, {
        advertiser_id: advertiser,
        data_level: `AUCTION_${level.toUpperCase()}`,
        dimensions: [`${level}_id`, 'stat_time_day'],
        metrics: [`${level}_name`, ...METRICS],
        start_date: start,
        end_date: end,
        page,
        page_size: 1000,
      });
      const lines = data.list.map((row) => JSON.stringify({ ...row.dimensions, ...row.metrics }));
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
      pages = data.page_info.total_page;
    }
  }

  const accounts = await ask(new sdk.AuthenticationApi(), 'oauth2AdvertiserGet', app, secret, token);
  for (const { advertiser_id: advertiser } of accounts.list) {
    for (let start = Date.parse(first); start <= Date.parse(last); start += 30 * DAY) {
      await pull(advertiser, day(start), day(Math.min(start + 29 * DAY, Date.parse(last))));
    }
  }
  console.error(process.resourceUsage().maxRSS);
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(`pull-report.js: ${error.message}`);
  process.exit(1);
});
