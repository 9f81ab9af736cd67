import type { ReactNode } from "react";
import {
  Button as AriaButton,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup,
  Select,
  SelectValue,
  Text,
  TextArea,
} from "react-aria-components";
import { m } from "../paraglide/messages";
import css from "./Field.module.css";
import { T } from "./T";

type TextFieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  hint?: ReactNode;
  /** What is wrong with it, in words. */
  problem?: string | null;
  optional?: boolean;
  required?: boolean;
  autoFocus?: boolean;
  /** More than one line of text; a number says how many are in sight. */
  lines?: boolean | number;
  type?: "text" | "email" | "search" | "url";
  hideLabel?: boolean;
  placeholder?: string;
  testid?: string;
};

/** A labelled line of text, with its hint and its problem tied to it for screen readers. */
export function TextField(props: TextFieldProps) {
  const { label, value, hint, problem, lines = false, hideLabel = false, testid, placeholder } = props;
  return (
    <AriaTextField
      className={css.field}
      value={value}
      onChange={props.onChange}
      onBlur={props.onBlur}
      isInvalid={Boolean(problem)}
      isRequired={props.required}
      // The backend says what is wrong, in the person's language; the webview's own bubbles would not.
      validationBehavior="aria"
      autoFocus={props.autoFocus}
      // Addresses are checked by the backend, so the input must not swallow what it dislikes.
      type={props.type === "email" ? "text" : props.type}
      inputMode={props.type === "email" ? "email" : undefined}
      autoComplete="off"
      autoCorrect="off"
      spellCheck="false"
      aria-label={hideLabel ? label : undefined}
    >
      {!hideLabel && (
        <Label className={css.label}>
          {label}
          {props.optional && <span className={css.optional}>{m.optional()}</span>}
        </Label>
      )}
      {lines ? (
        <TextArea className={css.input} rows={lines === true ? 3 : lines} data-testid={testid} />
      ) : (
        <Input className={css.input} data-testid={testid} placeholder={placeholder} />
      )}
      {problem && (
        <FieldError className={css.problem}>
          <T>{problem}</T>
        </FieldError>
      )}
      {hint && (
        <Text slot="description" className={css.hint}>
          {typeof hint === "string" ? <T>{hint}</T> : hint}
        </Text>
      )}
    </AriaTextField>
  );
}

export type Choice<Key extends string> = { key: Key; label: ReactNode; hint?: ReactNode; testid?: string };

/** One choice of a few, all in sight. */
export function Choices<Key extends string>({
  label,
  choices,
  value,
  onChange,
  hint,
  problem,
  across = false,
  testid,
}: {
  label: string;
  choices: Choice<Key>[];
  value: Key | null;
  onChange: (value: Key) => void;
  hint?: ReactNode;
  problem?: string | null;
  /** Beside one another: as wide as they are, or in two columns. */
  across?: boolean | "columns";
  testid?: string;
}) {
  return (
    <RadioGroup
      className={css.field}
      value={value}
      onChange={(key) => onChange(key as Key)}
      isInvalid={Boolean(problem)}
      validationBehavior="aria"
      data-testid={testid}
    >
      <Label className={css.label}>{label}</Label>
      <div className={css.choices} data-across={across === true ? "line" : across || undefined}>
        {choices.map((choice) => (
          <Radio key={choice.key} value={choice.key} className={css.radio} data-testid={choice.testid}>
            <span className={css.dot} />
            <span>
              {choice.label}
              {choice.hint && <span className={css.hint}>{choice.hint}</span>}
            </span>
          </Radio>
        ))}
      </div>
      {problem && (
        <FieldError className={css.problem}>
          <T>{problem}</T>
        </FieldError>
      )}
      {hint && (
        <Text slot="description" className={css.hint}>
          {typeof hint === "string" ? <T>{hint}</T> : hint}
        </Text>
      )}
    </RadioGroup>
  );
}

/** One choice of many, folded. */
export function Picker<Key extends string>({
  label,
  choices,
  value,
  onChange,
  hint,
  testid,
}: {
  label: string;
  choices: { key: Key; label: string; testid?: string }[];
  value: Key;
  onChange: (value: Key) => void;
  hint?: string;
  testid?: string;
}) {
  return (
    <Select className={css.field} value={value} onChange={(key) => onChange(key as Key)} data-testid={testid}>
      <Label className={css.label}>{label}</Label>
      <AriaButton className={css.picker}>
        <SelectValue className={css.picked} />
        <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
          <path d="M2 4l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.6" />
        </svg>
      </AriaButton>
      {hint && (
        <Text slot="description" className={css.hint}>
          <T>{hint}</T>
        </Text>
      )}
      <Popover className={css.popover}>
        <ListBox className={css.options}>
          {choices.map((choice) => (
            <ListBoxItem
              key={choice.key}
              id={choice.key}
              className={css.option}
              textValue={choice.label}
              data-testid={choice.testid}
            >
              {choice.label}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
