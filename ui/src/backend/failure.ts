import type { AppError } from "./generated/AppError";
import type { ErrorCode } from "./generated/ErrorCode";

/** What every command rejects with. */
export class AppFailure extends Error implements AppError {
  readonly code: ErrorCode;
  readonly details: Record<string, string>;

  constructor(code: ErrorCode, details: Record<string, string> = {}) {
    super(code);
    this.name = "AppFailure";
    this.code = code;
    this.details = details;
  }

  /** Anything that was thrown, as a failure with a code: what has none is `internal`. */
  static from(thrown: unknown): AppFailure {
    if (thrown instanceof AppFailure) {
      return thrown;
    }
    if (
      typeof thrown === "object" &&
      thrown !== null &&
      "code" in thrown &&
      typeof thrown.code === "string"
    ) {
      const details = "details" in thrown && typeof thrown.details === "object" ? thrown.details : null;
      return new AppFailure(thrown.code as ErrorCode, (details ?? {}) as Record<string, string>);
    }
    return new AppFailure("internal");
  }
}
