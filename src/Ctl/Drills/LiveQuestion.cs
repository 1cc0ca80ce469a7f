using System.Text;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Output;
using ShimStack.Drill;
using ShimStack.Drill.Live;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Native.Terminals;

namespace ShimStack.Ctl.Drills;

/// <summary>What stands between a user and a drill of the machine's own daemon.</summary>
internal static class LiveQuestion
{
    private const string Wanted = "yes";
    private const int LongestAnswer = 256;

    /// <summary>Looks at the daemon. A refusal is one of the command line's.</summary>
    public static async Task<LiveFacts> LookAsync(LiveRequest request, CancellationToken cancellation)
    {
        if (CurrentProcess.EffectiveUserId != 0)
        {
            throw new CtlException("a live daemon is looked at by root: become root", ExitCode.Unavailable);
        }

        try
        {
            return await LiveSurvey.LookAsync(request, cancellation);
        }
        catch (DrillException e)
        {
            throw new CtlException(e.Message, ExitCode.Usage, e);
        }
    }

    /// <summary>What would be done to whom, in words.</summary>
    public static IEnumerable<string> Text(LiveFacts facts, DrillSettings settings)
    {
        (int deaths, int stops) = DrillPlan.Blows(settings.Scenarios, settings.Plan);
        return facts.Text(deaths, stops);
    }

    /// <summary>Refuses where nobody can be asked.</summary>
    public static void MustBePossible(bool yes)
    {
        if (!yes && !Terminal.IsTerminal(Screen.Input))
        {
            throw CtlException.Usage("a drill with --live asks before, and there is no terminal: --yes says that it shall be done");
        }
    }

    /// <summary>Returns when the user has typed yes; nothing was done before.</summary>
    public static void Ask(IEnumerable<string> text)
    {
        Screen.Write(Screen.Error, string.Concat(text.Select(static line => line + "\n")) + $"\nType {Wanted} to go on: ");
        byte[] typed = new byte[LongestAnswer];
        IoResult read = Files.Read(Screen.Input, typed);
        string answer = read is { IsOk: true, IsEnd: false } ? Encoding.UTF8.GetString(typed, 0, read.Count).Trim() : "";
        if (answer != Wanted)
        {
            throw new CtlException($"nothing was done: the answer was not {Wanted}");
        }
    }
}
