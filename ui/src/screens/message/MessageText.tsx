import { useId, useState } from "react";
import type { Language } from "../../backend/generated/Language";
import type { Opened } from "../../backend/generated/Opened";
import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { ErrorNote } from "../../components/ErrorNote";
import { Choices } from "../../components/Field";
import { T } from "../../components/T";
import { m } from "../../paraglide/messages";
import { useCommand } from "../../state/overview";
import type { Message } from "../../words/messages";
import css from "./Message.module.css";

/** A text to copy, or to open in the person's mail program. Uncouple sends nothing. */
export function MessageText({
  compose,
  begin,
}: {
  compose: (language: Language) => Message;
  /** The language to begin with: the reader's. */
  begin: Language;
}) {
  const label = useId();
  const [language, setLanguage] = useState(begin);
  const [opened, setOpened] = useState<Opened | null>(null);
  const message = compose(language);
  const mail = useCommand((backend, what: Message) => backend.openMail(what));
  return (
    <div className={css.message} data-testid="message">
      <p className={css.faint}>
        <T>{m.message_intro()}</T>
      </p>
      <Choices<Language>
        label={m.message_language()}
        across
        value={language}
        onChange={(to) => {
          setLanguage(to);
          setOpened(null);
        }}
        choices={[
          { key: "ja", label: <span lang="ja">{m.language_ja()}</span>, testid: "message-ja" },
          { key: "en", label: <span lang="en">{m.language_en()}</span>, testid: "message-en" },
        ]}
      />
      <p className={css.faint}>{m.message_subject_label()}</p>
      <p className={css.subject} lang={language} data-testid="message-subject">
        {message.subject}
      </p>
      <p className={css.faint} id={label}>
        {m.message_body_label()}
      </p>
      <div
        className={css.body}
        lang={language}
        role="document"
        aria-labelledby={label}
        data-testid="message-body"
      >
        {message.body}
      </div>
      <div className={css.line}>
        <CopyButton
          text={`${message.subject}\n\n${message.body}`}
          label={m.message_copy()}
          testid="message-copy"
        />
        <Button
          small
          busy={mail.busy}
          onPress={() => void mail.run(message).then((done) => done && setOpened(done))}
          data-testid="message-open"
        >
          {m.message_open_mail()}
        </Button>
        <span role="status" className={css.faint} data-testid="message-opened">
          {opened && (opened.opened ? m.message_opened() : m.message_sample())}
        </span>
      </div>
      <ErrorNote failure={mail.failure} onDismiss={mail.forget} />
    </div>
  );
}
