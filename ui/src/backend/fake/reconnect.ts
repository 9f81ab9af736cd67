import type { Asked } from "../generated/Asked";
import type { Provider } from "../generated/Provider";
import type { ReconnectView } from "../generated/ReconnectView";
import { connectGuide } from "./guides";

const asked = (ja: string, en: string, scope: string | null, documented: boolean): Asked => ({
  what: { ja, en },
  scope,
  documented,
});

const MICROSOFT: Asked[] = [
  asked("メールの読み取り、記録、追跡", "Read mail, to log and track it", "Mail.ReadWrite", true),
  asked("メールの送信", "Send mail", "Mail.Send", true),
  asked(
    "カレンダーの読み取りと予定の作成",
    "Read the calendar and add meetings",
    "Calendars.ReadWrite",
    true,
  ),
  asked("接続を維持すること", "Stay connected", "offline_access", true),
  asked("アカウントの確認", "Know which account it is", "User.Read", true),
];

const GOOGLE: Asked[] = [
  asked("Gmailの読み取りと送信", "Read and send mail in Gmail", null, false),
  asked("Googleカレンダー", "Google Calendar", null, false),
  asked("Googleドライブ（ドキュメントツール）", "Google Drive, for the documents tool", null, false),
  asked("Google検索コンソール", "Google Search Console", null, false),
];

/** What HubSpot asks for, and the way to its page. */
export function fakeReconnect(provider: Provider, account: string | null, team: boolean): ReconnectView {
  return {
    guide: connectGuide(account, team),
    asks: provider === "google" ? GOOGLE : provider === "hosted" || provider === "imap" ? [] : MICROSOFT,
  };
}
