using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Upgrade;

/// <summary>
/// The build before, for one that was put in its place and cannot pick up the records. Nothing has moved by then, so they are as good as they were.
/// </summary>
internal static class WayBack
{
    /// <summary>
    /// How long the other build may take until it has made everything of the records: some milliseconds as a rule. A daemon gives a shim 5 s when it is
    /// started, so it must be less than that.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(4);

    /// <summary>What this build goes on with if the other one hangs: there is nobody then to write it.</summary>
    /// <param name="all">What is left to the other one, before <see cref="Leave"/>.</param>
    /// <exception cref="SyscallException">There is no room for it.</exception>
    public static FileDescriptor StateFor(ShimRecord all)
    {
        all.Upgrade.Failure = Failure(all.Upgrade, string.Create(CultureInfo.InvariantCulture, $"it did not come to that within {Limit.TotalSeconds} s"));
        FileDescriptor back = StateFile.Write(all);
        all.Upgrade.Failure = "";
        return back;
    }

    /// <summary>Adds the way back to what is left to the other build.</summary>
    /// <param name="all">What is left.</param>
    /// <param name="left">Its descriptors.</param>
    /// <param name="program">This build.</param>
    /// <param name="back">See <see cref="StateFor"/>.</param>
    /// <returns>What its environment is to say, for the case that it hangs.</returns>
    public static string Leave(ShimRecord all, Inheritance left, FileDescriptor program, FileDescriptor back)
    {
        string variable = ProgramReplacement.WayBack(Limit, program, back, all.Descriptors);
        all.Upgrade.WayBack = left.Leave(program);
        left.LeaveForLater(all, back); // also by a build that knows nothing of it
        all.Descriptors.Add((uint)program.Number);
        all.Descriptors.Add((uint)back.Number);
        return variable;
    }

    /// <summary>Executes it. Returns only if there is none.</summary>
    /// <param name="left">What it has left.</param>
    /// <param name="reason">Why we cannot go on.</param>
    /// <exception cref="SyscallException">It cannot be executed.</exception>
    public static void Take(ShimRecord left, string reason)
    {
        if (left.Upgrade is not { WayBack: > 0 } upgrade)
        {
            return;
        }

        ProgramReplacement.EndWayBack();
        using FileDescriptor program = FileDescriptor.Take((int)upgrade.WayBack);
        upgrade.WayBack = 0;
        upgrade.Failure = Failure(upgrade, reason);
        List<FileDescriptor> inherited = [];
        foreach (uint number in left.Descriptors)
        {
            if (number != program.Number)
            {
                inherited.Add(FileDescriptor.Take((int)number));
            }
        }

        left.Descriptors.Remove((uint)program.Number);
        BuildExecution.Run(program, OwnProgram.Read(), left, inherited);
    }

    /// <summary>It is not needed any more.</summary>
    public static void Close(ShimRecord left)
    {
        ProgramReplacement.EndWayBack();
        if (left.Upgrade is { WayBack: > 0 } upgrade)
        {
            FileDescriptor.Take((int)upgrade.WayBack).Dispose();
            upgrade.WayBack = 0;
        }
    }

    private static string Failure(UpgradeRecord upgrade, string reason) =>
        $"{upgrade.To}, {upgrade.Path}, could not go on, and {upgrade.From} is back: {reason}";
}
