import { withTeam } from "./teamScene";
import { World } from "./world";

/** The world of the pictures: a bit of everything. */
export function sampleWorld(name = "佐藤 花子"): World {
  const world = new World(name);
  world.tell("workspace_begun", null, {}, 9000);
  world.add({ address: "hanako.sato@example.co.jp", provider: "google", account: "1234567", ago: 5000 });
  const here = world.add({ address: "h.sato@example.com", provider: "microsoft365", here: true, ago: 240 });
  const lost = world.add({
    address: "sales-east@example.com",
    provider: "microsoft365",
    here: true,
    ago: 3000,
  });
  lost.crm.link = { is: "lost", reason: "withdrawn", at: world.at(1600), by: null };
  lost.actions = ["reconnect", "disable", "check"];
  world.add({ address: "sato@imap.example.net", provider: "imap", ago: 800 });
  world.done(world.job(here), "disable_in_crm", world.proven("store", 35));

  const half = world.add({
    address: "hanako@example.co.jp",
    provider: "google",
    account: "1234567",
    ago: 4000,
  });
  const job = world.job(half);
  world.done(job, "disable_in_crm", world.confirmed(95));
  world.done(job, "remove_from_crm", world.confirmed(90));

  const old = world.add({ address: "sato.hanako@outlook.com", provider: "outlook_com", ago: 9000 });
  const finished = world.job(old);
  world.done(finished, "disable_in_crm", world.confirmed(7000));
  world.done(finished, "remove_from_crm", world.confirmed(6990));
  world.done(finished, "revoke_grant", world.confirmed(6980));

  const proven = world.add({ address: "hanako.test@gmail.com", provider: "google", here: true, ago: 8000 });
  const provenJob = world.job(proven);
  world.done(provenJob, "disable_in_crm", world.proven("store", 3000));
  world.done(provenJob, "remove_from_crm", world.proven("store", 3000));
  world.done(provenJob, "revoke_grant", world.proven("google_revoke", 2999));
  world.done(provenJob, "forget_secret", world.proven("keyring_absent", 2999));

  const closed = world.add({ address: "former.member@example.com", provider: "microsoft365", ago: 8500 });
  const closedJob = world.job(closed);
  world.done(closedJob, "disable_in_crm", world.confirmed(2000));
  world.done(closedJob, "remove_from_crm", world.confirmed(2000));
  world.done(closedJob, "revoke_grant", world.unverified("退職者のアカウントのため"));
  return withTeam(world);
}

export function sample(name?: string): World {
  const world = sampleWorld(name);
  world.overview.workspace.sample = true;
  world.overview.workspace.reaches_members = true;
  return world;
}

export function emptyWorld(name = "佐藤 花子"): World {
  const world = new World(name);
  world.tell("workspace_begun", null);
  return world;
}

export function firstStart(): World {
  const world = new World("hanako");
  world.overview.workspace.first_start = true;
  return world;
}

/** Many mailboxes and many open jobs. */
export function manyWorld(count: number, name = "佐藤 花子"): World {
  const world = new World(name);
  const providers = ["google", "microsoft365", "outlook_com", "imap"] as const;
  for (let number = 0; number < count; number += 1) {
    const provider = providers[number % providers.length] ?? "google";
    const row = world.add({
      address: `person.${String(number).padStart(3, "0")}@example.com`,
      provider,
      here: number % 3 === 0 && provider !== "imap",
      ago: number * 7,
    });
    if (number % 40 === 5) {
      const job = world.job(row);
      if (!row.holder.here) world.done(job, "disable_in_crm", world.confirmed(20));
    }
  }
  return world;
}

/** Many team addresses in one inbox. */
export function manyChannels(count: number, name = "佐藤 花子"): World {
  const world = new World(name);
  world.people.inboxes.push({ id: "i1", name: "サポート", access: ["m1"] });
  const providers = ["google", "microsoft365", "hosted"] as const;
  for (let number = 0; number < count; number += 1) {
    world.add({
      address: `team.${String(number).padStart(3, "0")}@example.com`,
      provider: providers[number % providers.length] ?? "google",
      inbox: "i1",
      connectedBy: "m1",
      ago: number * 7,
    });
  }
  return world;
}

/** Nobody else, and one inbox without anything in it. */
export function oneInbox(name = "佐藤 花子"): World {
  const world = new World(name);
  world.people.inboxes.push({ id: "i1", name: "サポート", access: ["m1"] });
  world.publish();
  return world;
}
