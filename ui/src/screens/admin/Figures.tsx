import { StateMark } from "../../components/StateMark";
import { T } from "../../components/T";
import css from "./Figures.module.css";

/** Figures that change while one looks, each in a place that it keeps; and a line for what holds things up. */
export function Figures({
  figures,
  waiting,
}: {
  figures: { label: string; value: string }[];
  waiting: string | null;
}) {
  return (
    <div className={css.box}>
      <dl className={css.figures} data-count={figures.length}>
        {figures.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={css.waiting} data-testid="waiting">
        {waiting && (
          <>
            <StateMark mark="waiting" />
            <T>{waiting}</T>
          </>
        )}
      </p>
    </div>
  );
}
