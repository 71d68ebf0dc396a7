// SPDX-License-Identifier: MIT
// pull.js SDK-DIRECTORY URL TOKEN - everything that `find` of the mount needs, by the official Node
// SDK as its documentation uses it: one call after the other, the largest pages. Prints one line:
// calls, seconds, objects.
'use strict';

const path = require('path');
const { pathToFileURL } = require('url');

async function main(directory, url, token) {
  const sdk = await import(pathToFileURL(path.join(directory, 'src', 'index.js')).href);
  sdk.ApiClient.instance.basePath = url;
  let calls = 0;

  function ask(api, method, ...parameters) {
    calls += 1;
    return new Promise((resolve, reject) => {
      api[method](...parameters, (error, answer) => (error ? reject(error) : resolve(answer.data)));
    });
  }

  async function pages(api, method, advertiser) {
    const rows = [];
    for (let page = 1, last = 1; page <= last; page += 1) {
      const data = await ask(api, method, advertiser, token, { page, page_size: 1000 });
      rows.push(...data.list);
      last = data.page_info.total_page;
    }
    return rows;
  }

  const began = process.hrtime.bigint();
  const accounts = await ask(new sdk.AuthenticationApi(), 'oauth2AdvertiserGet', '1', 'x', token);
  const ids = accounts.list.map((account) => account.advertiser_id);
  await ask(new sdk.AccountManagementApi(), 'advertiserInfo', ids, token, {});
  let objects = ids.length;
  for (const id of ids) {
    objects += (await pages(new sdk.CampaignCreationApi(), 'campaignGet', id)).length;
    objects += (await pages(new sdk.AdgroupApi(), 'adgroupGet', id)).length;
    objects += (await pages(new sdk.AdApi(), 'adGet', id)).length;
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  console.log(calls, seconds.toFixed(3), objects);
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(`pull.js: ${error.message}`);
  process.exit(1);
});
