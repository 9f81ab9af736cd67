import type { Backend } from "../backend";
import { AppFailure } from "../failure";
import type { DesktopView } from "../generated/DesktopView";
import type { Bend } from "./backend";
import type { Play } from "./team";

type Commands = Pick<
  Backend,
  "notices" | "readNotice" | "readAllNotices" | "saveNoticeSettings" | "desktop" | "setAutostart"
>;

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Notices, and what the desktop does with them. */
export function noticeCommands({ world, reading, changing }: Play, bend: Bend): Commands {
  const desktop: DesktopView = { version: "0.1.0", popups: true, tray: true, autostart: false };
  return {
    notices: () =>
      reading("notices", () => {
        const notices = world().people.mine();
        const unread = notices.filter((notice) => notice.unread).length;
        return { notices, next: null, total: notices.length, unread };
      }),
    readNotice: (id) =>
      changing("readNotice", () => {
        const { people } = world();
        const notice = people.notices.find((one) => one.id === id && one.to === people.acting);
        if (!notice) throw new AppFailure("unknown_notice");
        notice.unread = false;
        world().publish();
      }),
    readAllNotices: () =>
      changing("readAllNotices", () => {
        const { people } = world();
        for (const notice of people.notices) if (notice.to === people.acting) notice.unread = false;
        world().publish();
      }),
    saveNoticeSettings: (notices) =>
      changing("saveNoticeSettings", () => {
        const times = [notices.digest_at, notices.quiet_from, notices.quiet_to];
        if (times.some((time) => time !== null && !TIME.test(time))) throw new AppFailure("bad_time");
        world().overview.settings.notices = notices;
      }),
    desktop: () => reading("desktop", () => ({ ...desktop, ...bend.desktop })),
    setAutostart: (on) =>
      changing("setAutostart", () => {
        if ((bend.desktop?.autostart ?? false) === null) throw new AppFailure("autostart_failed");
        desktop.autostart = on;
      }),
  };
}
