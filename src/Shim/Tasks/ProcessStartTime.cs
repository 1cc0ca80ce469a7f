using System.Buffers.Text;
using System.Globalization;
using ShimStack.Native;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tasks;

/// <summary>When a process started: with its pid it names the process for good, because pids are used again. See proc_pid_stat(5), field 22.</summary>
internal static class ProcessStartTime
{
    private const int FieldsBetween = 19; // from the state, the first after the name, to the start time

    /// <summary>Clock ticks since boot; 0 if the process has been reaped.</summary>
    public static ulong Of(int pid)
    {
        try
        {
            return Parse(SmallFile.ReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (SyscallException e) when (e.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return 0;
        }
    }

    /// <summary>The start time in the line of a stat file. The name before it may hold anything, parentheses too.</summary>
    public static ulong Parse(ReadOnlySpan<byte> stat)
    {
        ReadOnlySpan<byte> rest = stat[(stat.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        for (int field = 0; field < FieldsBetween; field++)
        {
            rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(rest, out ulong ticks, out _) ? ticks : 0;
    }
}
