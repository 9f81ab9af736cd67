import {
  Button as AriaButton,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  type DateValue,
  Dialog,
  FieldError,
  Group,
  Heading,
  Label,
  Popover,
  Text,
} from "react-aria-components";
import field from "./Field.module.css";
import css from "./MomentField.module.css";
import { T } from "./T";

/** A day and a time, typed part by part or picked from a calendar, in the person's own zone. */
export function MomentField({
  label,
  hint,
  problem,
  openLabel,
  onChange,
  testid,
}: {
  label: string;
  hint?: string;
  problem?: string | null;
  /** The button that opens the calendar. */
  openLabel: string;
  /** Null until all parts are there. */
  onChange: (moment: Date | null) => void;
  testid?: string;
}) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <DatePicker
      className={field.field}
      granularity="minute"
      hourCycle={24}
      hideTimeZone
      shouldForceLeadingZeros
      isInvalid={Boolean(problem)}
      validationBehavior="aria"
      onChange={(value: DateValue | null) => onChange(value ? value.toDate(zone) : null)}
      data-testid={testid}
    >
      <Label className={field.label}>{label}</Label>
      <Group className={css.group}>
        <DateInput className={css.input}>
          {(segment) => <DateSegment segment={segment} className={css.segment} />}
        </DateInput>
        <AriaButton className={css.open} aria-label={openLabel}>
          <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
            <path
              d="M2.500 4h13v11.500h-13zM2.500 7.500h13M6 2v3.500M12 2v3.500"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.5"
              strokeLinejoin="round"
            />
          </svg>
        </AriaButton>
      </Group>
      {problem && (
        <FieldError className={field.problem}>
          <T>{problem}</T>
        </FieldError>
      )}
      {hint && (
        <Text slot="description" className={field.hint}>
          <T>{hint}</T>
        </Text>
      )}
      <Popover className={css.popover}>
        <Dialog className={css.dialog}>
          <Calendar>
            <header className={css.month}>
              <AriaButton slot="previous" className={css.open}>
                ‹
              </AriaButton>
              <Heading className={css.heading} />
              <AriaButton slot="next" className={css.open}>
                ›
              </AriaButton>
            </header>
            <CalendarGrid className={css.grid}>
              <CalendarGridHeader>
                {(day) => <CalendarHeaderCell className={css.day}>{day}</CalendarHeaderCell>}
              </CalendarGridHeader>
              <CalendarGridBody>
                {(date) => <CalendarCell date={date} className={css.cell} />}
              </CalendarGridBody>
            </CalendarGrid>
          </Calendar>
        </Dialog>
      </Popover>
    </DatePicker>
  );
}
