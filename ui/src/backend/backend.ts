import type { AdminBackend } from "./admin";
import type { Appearance } from "./generated/Appearance";
import type { ChainView } from "./generated/ChainView";
import type { Checked } from "./generated/Checked";
import type { DesktopView } from "./generated/DesktopView";
import type { Exported } from "./generated/Exported";
import type { ExportFormat } from "./generated/ExportFormat";
import type { Guide } from "./generated/Guide";
import type { HistoryView } from "./generated/HistoryView";
import type { HubSpotPage } from "./generated/HubSpotPage";
import type { KeyringView } from "./generated/KeyringView";
import type { Language } from "./generated/Language";
import type { NoticeList } from "./generated/NoticeList";
import type { NoticeSettings } from "./generated/NoticeSettings";
import type { Opened } from "./generated/Opened";
import type { OtherKind } from "./generated/OtherKind";
import type { Overview } from "./generated/Overview";
import type { PlaceView } from "./generated/PlaceView";
import type { Provider } from "./generated/Provider";
import type { ProviderGuess } from "./generated/ProviderGuess";
import type { ReconnectView } from "./generated/ReconnectView";
import type { SignInApp } from "./generated/SignInApp";
import type { SignInAt } from "./generated/SignInAt";
import type { SignInResult } from "./generated/SignInResult";
import type { StepKind } from "./generated/StepKind";
import type { StorageView } from "./generated/StorageView";

/** A mailbox that HubSpot has, as entered by hand. */
export type TrackedMailbox = { address: string; provider: Provider; hubspotPage: string | null };

/** A team address that HubSpot has, as entered by hand. */
export type TrackedChannel = {
  inbox: string;
  address: string;
  provider: Provider;
  /** The member who connected it in HubSpot. Null: not known, or nobody of this workspace. */
  connectedBy: string | null;
  hubspotPage: string | null;
};

/** A member as entered by hand. */
export type MemberDraft = { name: string; superAdmin: boolean; language: Language | null };

/** A message for the mail program. Without a receiver the person fills one in there. */
export type MailText = { to: string | null; subject: string; body: string };

/** For how long a job can be put off. */
export type RemindIn = 1 | 3 | 7;

/** Where a token goes. */
export type Keep = "keyring" | "this_run";

export type HistoryFilter = {
  text: string | null;
  kind: string | null;
  mailbox: string | null;
  before: number | null;
};

export type { AdminBackend, AdminSignIn, AppChoice } from "./admin";
export type { ExportFormat };

/**
 * Everything the window can ask for: one function per command. Each rejects with `AppFailure` and nothing
 * else, so that a screen has one kind of error to show.
 */
export interface Backend extends AdminBackend {
  overview(): Promise<Overview>;
  beginEmpty(name: string): Promise<void>;
  beginSample(): Promise<void>;
  leaveSample(): Promise<void>;
  renameMe(name: string): Promise<void>;

  /** Goes on as another member. In the sample only: it shows what the others see and protects nothing. */
  actAs(member: string): Promise<void>;
  addMember(member: MemberDraft): Promise<string>;
  changeMember(member: { member: string } & MemberDraft): Promise<void>;
  removeMember(member: string): Promise<void>;

  guessProvider(address: string): Promise<ProviderGuess>;
  readHubSpotPage(text: string): Promise<HubSpotPage>;
  trackMailbox(mailbox: TrackedMailbox): Promise<string>;
  /** Resolves when the person has come back from the browser, which can take minutes. */
  connectMailbox(at: SignInAt, expect: string | null, inbox: string | null): Promise<SignInResult>;
  cancelSignIn(): Promise<void>;
  finishSignIn(pending: string, keep: Keep): Promise<SignInResult>;
  dropSignIn(pending: string): Promise<void>;

  disableMailbox(mailbox: string): Promise<string>;
  /** For a mailbox of HubSpot's it is the word that it was done there. */
  enableMailbox(mailbox: string): Promise<void>;
  enableGuide(mailbox: string): Promise<Guide>;
  openEnablePage(mailbox: string): Promise<Opened>;
  removeMailbox(mailbox: string): Promise<string>;
  checkMailbox(mailbox: string): Promise<Checked>;

  addInbox(name: string): Promise<string>;
  renameInbox(inbox: string, name: string): Promise<void>;
  deleteInbox(inbox: string): Promise<void>;
  setAccess(inbox: string, member: string, access: boolean): Promise<void>;
  trackChannel(channel: TrackedChannel): Promise<string>;
  /** A team address held here is gone at once; for HubSpot's the guided job opens. */
  deleteChannel(mailbox: string): Promise<string>;
  addOtherChannel(inbox: string, kind: OtherKind, name: string): Promise<string>;
  /** Takes it off this list only: nothing happens in HubSpot. */
  dropOtherChannel(channel: string): Promise<void>;

  /** Notes that the owner is to be asked. Uncouple sends nothing. */
  askOwner(mailbox: string): Promise<void>;
  declineAsk(mailbox: string): Promise<void>;
  /** Opens a message in the mail program, from which the person sends it or not. */
  openMail(message: MailText): Promise<Opened>;
  moveProvider(mailbox: string, to: Provider): Promise<string>;
  moveToTeam(mailbox: string, inbox: string): Promise<string>;
  moveToPersonal(mailbox: string): Promise<string>;
  reportLost(mailbox: string): Promise<void>;
  reconnectGuide(mailbox: string): Promise<ReconnectView>;
  openPrivacyPage(): Promise<Opened>;
  openSource(url: string): Promise<Opened>;
  openReconnectPage(mailbox: string): Promise<Opened>;
  confirmReconnected(mailbox: string): Promise<void>;

  undoRemoval(disconnect: string): Promise<void>;
  stopDisconnect(disconnect: string): Promise<void>;
  confirmStep(disconnect: string, step: StepKind): Promise<void>;
  confirmInCrm(disconnect: string): Promise<void>;
  notListed(disconnect: string, account: string | null): Promise<void>;
  closeStep(disconnect: string, step: StepKind, reason: string): Promise<void>;
  withdrawConfirmation(disconnect: string, step: StepKind): Promise<void>;
  remind(disconnect: string, days: RemindIn): Promise<void>;
  openPage(disconnect: string, step: StepKind): Promise<Opened>;
  runStep(disconnect: string, step: StepKind): Promise<void>;
  checkStep(disconnect: string, step: StepKind): Promise<Checked>;

  notices(): Promise<NoticeList>;
  readNotice(notice: number): Promise<void>;
  readAllNotices(): Promise<void>;
  saveNoticeSettings(notices: NoticeSettings): Promise<void>;

  history(filter: HistoryFilter): Promise<HistoryView>;
  verifyHistory(): Promise<ChainView>;
  exportHistory(format: ExportFormat, path: string): Promise<Exported>;

  keyring(): Promise<KeyringView>;
  storage(): Promise<StorageView>;
  desktop(): Promise<DesktopView>;
  setAutostart(on: boolean): Promise<void>;
  saveSignInApp(at: SignInAt, app: SignInApp): Promise<void>;
  setLanguage(language: Language | null): Promise<void>;
  setAppearance(appearance: Appearance): Promise<void>;

  /** Tells that the first usable screen is painted, for the start-up measurement. */
  firstPaint(): Promise<void>;
  /**
   * Calls back with the revision after each change. Without one: it listens only from now on, and changes may have been
   * missed. Returns the way to stop listening.
   */
  onWorkspaceChanged(listener: (revision: number | null) => void): () => void;
  /** Calls back when a pop-up or the tray was clicked, with where to go. Returns the way to stop listening. */
  onPlace(listener: (place: PlaceView) => void): () => void;
}
