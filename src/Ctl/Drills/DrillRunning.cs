using System.CommandLine;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Output;
using ShimStack.Ctl.Streams;
using ShimStack.Drill;
using ShimStack.Drill.Live;
using ShimStack.Drill.Report;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Drills;

/// <summary>`shimctl drill run`: the drill, what is shown of it meanwhile, and its reports.</summary>
internal static class DrillRunning
{
    public static async Task<int> RunAsync(ParseResult result, string[] scenarios, CancellationToken cancellation)
    {
        LiveRequest? live = DrillOptions.LiveOf(result);
        DrillSettings settings = DrillOptions.Of(result, scenarios);
        if (CurrentProcess.EffectiveUserId != 0)
        {
            throw new CtlException("containers are run by root: become root; shimctl drill plan shows what would be done",
                ExitCode.Unavailable);
        }

        settings = live is null ? settings : await AgreedAsync(live, settings, result.GetValue(LiveOptions.Yes), cancellation);
        bool json = result.GetValue(GlobalOptions.Json);
        DrillView view = new(settings, isQuiet: json);
        DrillResult drill;
        bool isInterrupted;
        using (SignalForwarding signals = new())
        using (CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, signals.Interrupted))
        {
            try
            {
                view.Begin();
                drill = await DrillRun.RunAsync(settings, TimeProvider.System, view.Show, stop.Token);
                isInterrupted = stop.IsCancellationRequested;
            }
            catch (DrillException e)
            {
                throw new CtlException(e.Message, inner: e);
            }
            finally
            {
                view.End();
            }
        }

        Write(result.GetValue(DrillOptions.JUnit), () => JUnitReport.Of(drill));
        Write(result.GetValue(DrillOptions.Html), () => HtmlReport.Of(drill));
        if (json)
        {
            Screen.Json(writer => JsonReport.Write(writer, drill));
        }
        else
        {
            DrillSummary.Show(drill);
        }

        return (int)(isInterrupted ? ExitCode.Interrupted : drill.Holds ? ExitCode.Ok : ExitCode.Failed);
    }

    // The scenarios first: what is refused needs no look.
    private static async Task<DrillSettings> AgreedAsync(LiveRequest live, DrillSettings settings, bool yes, CancellationToken cancellation)
    {
        DrillOptions.Check(settings);
        LiveQuestion.MustBePossible(yes);
        LiveFacts facts = await LiveQuestion.LookAsync(live, cancellation);
        if (!yes)
        {
            LiveQuestion.Ask(LiveQuestion.Text(facts, settings));
        }

        string shim = facts.Runtime.Length > 0 ? facts.Runtime : "of the daemon's choice";
        return settings with { Live = facts, Daemon = facts.Program, Shim = shim };
    }

    private static void Write(string? path, Func<string> text)
    {
        if (path is not null)
        {
            File.WriteAllText(path, text());
        }
    }
}
