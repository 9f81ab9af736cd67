import type { Client } from "./generated/client";
import type { PlaceView } from "./generated/PlaceView";

/** What a command takes that takes its fields by name. */
type Request<Command extends keyof Client> = Parameters<Client[Command]>[0];

export type TrackedMailbox = Request<"trackMailbox">;
export type TrackedChannel = Request<"trackChannel">;
export type MemberDraft = Request<"addMember">;
/** A message for the mail program. Without a receiver the person fills one in there. */
export type MailText = Request<"openMail">;
export type HistoryFilter = Request<"history">;
/** A sign-in as administrator. `expect`: the account that has to sign in again. */
export type AdminSignIn = Request<"adminSignIn">;
/** An app to be called HubSpot's, or not any more. `named` repeats its name where that is asked for. */
export type AppChoice = Request<"chooseApp">;

/** For how long the window offers to put a job off. */
export type RemindIn = 1 | 3 | 7;

export type { Client } from "./generated/client";
export type { ExportFormat } from "./generated/ExportFormat";
export type { Keep } from "./generated/Keep";

/** What the backend says unasked. */
export interface Events {
  /**
   * Calls back with the revision after each change. Without one: it listens only from now on, and changes may have been
   * missed. Returns the way to stop listening.
   */
  onWorkspaceChanged(listener: (revision: number | null) => void): () => void;
  /**
   * Calls back, a few times a second at most, while a search or a run is under way; and when it begins to listen later
   * than it was asked to, as something may have been missed.
   */
  onAdminProgress(listener: () => void): () => void;
  /** Calls back when a pop-up or the tray was clicked, with where to go. Returns the way to stop listening. */
  onPlace(listener: (place: PlaceView) => void): () => void;
}

/** Everything the window can ask for, and all that it is told. */
export interface Backend extends Client, Events {}
