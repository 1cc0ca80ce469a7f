using ShimStack.Drill.Record;

namespace ShimStack.Drill.Report;

/// <summary>
/// A lane for the daemon (up, frozen, away), one for the API, and one for each container with its execs: when it beat, where it stood
/// still, where it was paused,
/// its events, its exit, and what did not hold.
/// </summary>
internal static class TimelineDrawing
{
    // A drill of hours has thousands of short-lived processes: the fleet, and the first of the others, tell enough.
    private const int MostLanes = 60;
    private const double Lane = 18;
    private const double Bar = 10;
    private const double Axis = 20;
    private const int Ticks = 10;

    public static void Draw(Markup svg, DrillRecord record)
    {
        TimeScale scale = TimeScale.Of(record);
        Subject[] subjects = [.. record.Subjects.Take(MostLanes)];
        double height = ((subjects.Length + 2) * Lane) + Axis;
        svg.Open("svg", "class", "timeline", "viewBox", $"0 0 {Markup.Number(TimeScale.Width)} {Markup.Number(height)}", "role", "img",
            "xmlns", "http://www.w3.org/2000/svg");
        svg.Element("title", "What happened when: daemon, API, and each process");
        DrawAxis(svg, scale, height);
        DrawDaemon(svg, record, scale, 0);
        DrawApi(svg, record, scale, Lane);
        for (int i = 0; i < subjects.Length; i++)
        {
            DrawSubject(svg, record, subjects[i], scale, (i + 2) * Lane);
        }

        svg.Close();
        if (record.Subjects.Count > MostLanes)
        {
            svg.Element("p", $"{record.Subjects.Count - MostLanes} more processes are not drawn.", "class", "note");
        }
    }

    private static void DrawAxis(Markup svg, TimeScale scale, double height)
    {
        for (int tick = 0; tick <= Ticks; tick++)
        {
            long at = scale.From + ((scale.To - scale.From) / Ticks * tick);
            string x = Markup.Number(scale.At(at));
            svg.Empty("line", "class", "grid", "x1", x, "x2", x, "y1", "0", "y2", Markup.Number(height - Axis));
            string seconds = $"{Markup.Number((at - scale.From) / 1e9)} s";
            svg.Element("text", seconds, "class", "tick", "x", x, "y", Markup.Number(height - 6), "text-anchor",
                tick == Ticks ? "end" : "middle");
        }
    }

    private static void DrawDaemon(Markup svg, DrillRecord record, TimeScale scale, double top)
    {
        Label(svg, "daemon", top);
        for (int i = 0; i < record.Daemon.Count; i++)
        {
            DaemonChange change = record.Daemon[i];
            long to = i + 1 < record.Daemon.Count ? record.Daemon[i + 1].At.Nanoseconds : scale.To;
            string state = change.State.ToString().ToLowerInvariant();
            Band(svg, $"daemon {state}", scale, (change.At.Nanoseconds, to), top, state);
        }

        // What belongs to no process is the daemon's.
        foreach (Violation violation in record.Violations
            .Where(violation => !record.Subjects.Exists(subject => subject.Name == violation.Subject)))
        {
            Mark(svg, "violation", scale.At(violation.At), top, $"{violation.Invariant}: {violation.Seen}");
        }
    }

    private static void DrawApi(Markup svg, DrillRecord record, TimeScale scale, double top)
    {
        Label(svg, "API", top);
        Band(svg, "api up", scale, (scale.From, scale.To), top, "answers");
        foreach (Outage outage in record.Outages)
        {
            Band(svg, "api away", scale, (outage.From.Nanoseconds, outage.To.Nanoseconds), top,
                $"away for {Markup.Number(outage.Length.TotalMilliseconds)} ms");
        }

        if (record.AwaySince is Moment since)
        {
            Band(svg, "api away", scale, (since.Nanoseconds, scale.To), top, "away to the end");
        }
    }

    private static void DrawSubject(Markup svg, DrillRecord record, Subject subject, TimeScale scale, double top)
    {
        Label(svg, subject.Name, top);
        Heartbeat beats = subject.Output.Beats;
        if (beats.First != 0)
        {
            Band(svg, "beat", scale, (beats.First, beats.Last), top, $"{subject.Output.Lines} lines");
        }

        foreach (Gap gap in beats.Gaps)
        {
            Band(svg, "gap", scale, (gap.From, gap.To), top, $"no beat for {Markup.Number(gap.Length.TotalMilliseconds)} ms");
        }

        foreach (Gap pause in subject.Pauses)
        {
            Band(svg, "paused", scale, (pause.From, pause.To), top, "paused");
        }

        foreach (ExitReport report in subject.OwnEvents)
        {
            Mark(svg, "event", scale.At(report.Seen), top, $"exit event: {report.Code}");
        }

        if (subject.Ended is Moment ended)
        {
            Mark(svg, "exit", scale.At(ended), top, $"ended with {subject.Noted?.Code ?? subject.KernelCode}");
        }

        foreach (Violation violation in record.Violations.Where(violation => violation.Subject == subject.Name))
        {
            Mark(svg, "violation", scale.At(violation.At), top, $"{violation.Invariant}: {violation.Seen}");
        }
    }

    private static void Label(Markup svg, string text, double top) =>
        svg.Element("text", text, "class", "label", "x", "0", "y", Markup.Number(top + Bar));

    private static void Band(Markup svg, string kind, TimeScale scale, (long From, long To) span, double top, string title)
    {
        double left = scale.At(span.From);
        svg.Open(
            "rect", "class", kind, "x", Markup.Number(left), "y", Markup.Number(top + 2), "width",
            Markup.Number(Math.Max(0.5, scale.At(span.To) - left)), "height",
            Markup.Number(Bar));
        svg.Element("title", title).Close();
    }

    private static void Mark(Markup svg, string kind, double x, double top, string title)
    {
        svg.Open("circle", "class", kind, "cx", Markup.Number(x), "cy", Markup.Number(top + (Bar / 2) + 2), "r",
            kind == "violation" ? "5" : "3");
        svg.Element("title", title).Close();
    }
}
