// Drives the simulated home with Home Assistant's own client, unchanged. Prints one JSON object of what it saw.
import {
  callService, createConnection, createLongLivedTokenAuth, ERR_INVALID_AUTH, getConfig, getServices, getStates, getUser, subscribeEntities,
} from "home-assistant-js-websocket";

const url = process.env.SIMULATOR_URL.replace(/\/$/, "");
const auth = createLongLivedTokenAuth(url, process.env.SIMULATOR_TOKEN);
const until = (what, subscribe) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(`timed out waiting for ${what}`)), 15000);
  subscribe((value) => { clearTimeout(timer); resolve(value); });
});

const refused = await createConnection({ auth: createLongLivedTokenAuth(url, "wrong") }).then(() => "accepted", (error) => error === ERR_INVALID_AUTH ? "invalid auth" : String(error));
const connection = await createConnection({ auth });
const seen = { refused, haVersion: connection.haVersion };

for (const registry of ["area", "floor", "device", "entity"])
  seen[registry] = (await connection.sendMessagePromise({ type: `config/${registry}_registry/list` })).length;
seen.exposed = Object.keys((await connection.sendMessagePromise({ type: "homeassistant/expose_entity/list" })).exposed_entities).length;
seen.states = (await getStates(connection)).length;
seen.location = (await getConfig(connection)).location_name;
seen.services = Object.keys(await getServices(connection)).length;
seen.user = (await getUser(connection)).name;

let entities;
let lit;
const on = until("the entity to be on", (done) => { lit = done; });
const whole = until("the first entities", (done) => subscribeEntities(connection, (all) => {
  entities = all;
  done(all);
  if (all["light.kitchen_ceiling"].state === "on") lit(all["light.kitchen_ceiling"]);
}));
seen.subscribed = Object.keys(await whole).length;
seen.before = entities["light.kitchen_ceiling"].state;

const changed = until("state_changed", (done) => connection.subscribeEvents((event) => {
  if (event.data.entity_id === "light.kitchen_ceiling") done(event);
}, "state_changed"));
const called = await callService(connection, "light", "turn_on", { brightness_pct: 50 }, { entity_id: "light.kitchen_ceiling" });
const event = await changed;
const light = await on;
seen.after = light.state;
seen.brightness = light.attributes.brightness;
seen.name = light.attributes.friendly_name;
seen.eventFrom = event.data.old_state.state;
seen.eventTo = event.data.new_state.state;
seen.sameContext = called.context.id === event.context.id && light.context.id === event.context.id;
seen.unknownService = await callService(connection, "light", "explode", {}, { entity_id: "light.kitchen_ceiling" }).then(() => "accepted", (error) => error.code);
await connection.ping();
connection.close();
console.log(JSON.stringify(seen));
process.exit(0);
