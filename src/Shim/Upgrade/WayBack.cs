using ShimStack.Native;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Upgrade;

/// <summary>
/// The build before, for one that was put in its place and cannot pick up the records. Nothing has moved by then, so they are as good as they were.
/// </summary>
internal static class WayBack
{
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

        using FileDescriptor program = FileDescriptor.Take((int)upgrade.WayBack);
        upgrade.WayBack = 0;
        upgrade.Failure = $"{upgrade.To}, {upgrade.Path}, could not go on, and {upgrade.From} is back: {reason}";
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
        if (left.Upgrade is { WayBack: > 0 } upgrade)
        {
            FileDescriptor.Take((int)upgrade.WayBack).Dispose();
            upgrade.WayBack = 0;
        }
    }
}
