using System.CommandLine;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Output;
using ShimStack.Drill;
using ShimStack.Drill.Live;
using ShimStack.Drill.Scenarios;

namespace ShimStack.Ctl.Drills;

/// <summary>`shimctl drill`: restarts and deaths of a daemon, rehearsed on a private one, and whether what must hold does.</summary>
internal static class DrillCommand
{
    private static readonly Argument<string[]> Scenarios = new("scenario")
    {
        Description = "Which ones, see `shimctl drill list`; by default all",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "How many rounds are printed",
        DefaultValueFactory = _ => 1,
    };

    public static Command Create() =>
        new("drill", "Rehearses restarts and crashes of a daemon, on a private one, and checks what must hold")
    {
        CreateRun(),
        CreateList(),
        CreatePlan(),
    };

    private static Command CreateRun()
    {
        Command command = new("run", "Runs drills; exit code 1 says that something did not hold") { Scenarios };
        DrillOptions.AddTo(command);
        command.SetAction((result, cancellation) => DrillRunning.RunAsync(result, DrillOptions.ScenariosOf(result, Scenarios), cancellation));
        return command;
    }

    private static Command CreateList()
    {
        Command command = new("list", "Lists scenarios, targets and invariants");
        command.SetAction(result =>
        {
            if (result.GetValue(GlobalOptions.Json))
            {
                Screen.Json(static writer =>
                {
                    writer.WriteStartObject();
                    Output.JsonPairs.Write(writer, "scenarios", DrillPlan.Scenarios);
                    Output.JsonPairs.Write(writer, "invariants", DrillPlan.Invariants);
                    writer.WriteEndObject();
                });
                return;
            }

            TextTable table = new("", "NAME", "");
            AddRows(table, "scenario", DrillPlan.Scenarios);
            AddRows(table, "invariant", DrillPlan.Invariants);
            Screen.Table(table);
        });
        return command;
    }

    private static void AddRows(TextTable table, string kind, IEnumerable<(string Name, string Sentence)> rows)
    {
        foreach ((string name, string sentence) in rows)
        {
            table.Add(kind, name, sentence);
        }
    }

    private static Command CreatePlan()
    {
        Command command = new("plan", "Prints what `run` would do, without doing it") { Scenarios, Rounds };
        DrillOptions.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            PlanSettings settings = DrillOptions.PlanOf(result);
            if (result.GetValue(Rounds) is < 1 or > DrillOptions.MostRounds)
            {
                throw CtlException.Usage($"--rounds is a number from 1 to {DrillOptions.MostRounds}");
            }

            LiveRequest? live = DrillOptions.LiveOf(result);
            try
            {
                if (live is not null)
                {
                    await PrintLiveAsync(result, live, settings, cancellation);
                }

                Print(result, settings);
            }
            catch (DrillException e)
            {
                throw new CtlException(e.Message, ExitCode.Usage, e);
            }
        });
        return command;
    }

    // The same as `run` would ask about.
    private static async Task PrintLiveAsync(ParseResult result, LiveRequest live, PlanSettings plan, CancellationToken cancellation)
    {
        DrillSettings settings = new() { Scenarios = DrillOptions.ScenariosOf(result, Scenarios), Plan = plan, Target = plan.Target };
        DrillOptions.Check(settings);
        string[] text = [.. LiveQuestion.Text(await LiveQuestion.LookAsync(live, cancellation), settings)];
        if (!result.GetValue(GlobalOptions.Json))
        {
            Screen.Write(Screen.Output, string.Concat(text.Select(static line => line + "\n")) + "\n");
            return;
        }

        Screen.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("live");
            foreach (string line in text)
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static void Print(ParseResult result, PlanSettings settings)
    {
        bool json = result.GetValue(GlobalOptions.Json);
        foreach ((string scenario, IReadOnlyList<string> steps) in DrillPlan
            .Of(DrillOptions.ScenariosOf(result, Scenarios), DrillOptions.TargetOf(result), settings, result.GetValue(Rounds)))
        {
            if (json)
            {
                Screen.Json(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("scenario", scenario);
                    writer.WriteNumber("seed", settings.Seed);
                    writer.WriteStartArray("steps");
                    foreach (string step in steps)
                    {
                        writer.WriteStringValue(step);
                    }

                    writer.WriteEndArray();
                    writer.WriteEndObject();
                });
            }
            else
            {
                Screen.Line($"{scenario}, seed {settings.Seed}");
                Screen.Write(Screen.Output, string.Concat(steps.Select(static (step, number) => $"{number + 1,5}  {step}\n")));
            }
        }
    }
}
