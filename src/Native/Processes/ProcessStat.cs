using System.Buffers.Text;
using System.Globalization;

namespace ShimStack.Native.Processes;

/// <summary>What the kernel says of a process or thread in its stat file. See proc_pid_stat(5).</summary>
/// <param name="State">R, S, D, Z, T, …: field 3.</param>
/// <param name="Parent">The pid of its parent: field 4.</param>
/// <param name="Flags">PF_…: field 9.</param>
/// <param name="StartTime">When it started, in clock ticks since boot; with its pid it names the process for good: field 22.</param>
/// <param name="WaitStatus">
/// Of one that has ended (<see cref="IsZombie"/>): how, as wait(2) has it, for who is not its parent, too; field 52. Root is told, see ptrace(2),
/// PTRACE_MODE_READ_FSCREDS.
/// </param>
/// <param name="TellsAll">We may know <paramref name="WaitStatus"/> once it has ended; only of one that lives: field 26 is neither 0 nor 1.</param>
public readonly record struct ProcessStat(char State, int Parent, uint Flags, ulong StartTime, int WaitStatus = 0, bool TellsAll = false)
{
    private const uint PF_EXITING = 4;
    private const int MaxLength = 1024; // some 50 numbers and a name of at most 64 bytes

    /// <summary>It has begun to end. The kernel says so before it closes the process's files, and tells the parent after that.</summary>
    public bool IsExiting => (Flags & PF_EXITING) != 0;

    /// <summary>It has ended and was not reaped yet.</summary>
    public bool IsZombie => State == 'Z';

    /// <summary>Of the process <paramref name="pid"/>; null if it has been reaped.</summary>
    public static ProcessStat? TryRead(int pid) => TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));

    /// <summary>Of the stat file at <paramref name="path"/>, which may be a thread's; null if it cannot be read. Does not allocate.</summary>
    public static ProcessStat? TryRead(string path)
    {
        Span<byte> line = stackalloc byte[MaxLength];
        IoResult read = Native.Files.Files.ReadFile(path, line);
        return read.IsOk ? Parse(line[..read.Count]) : null;
    }

    /// <summary>What a line says; null if it is no such line. The name may hold anything, so fields are counted from its last bracket.</summary>
    internal static ProcessStat? Parse(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> rest = line[(line.LastIndexOf((byte)')') + 1)..].TrimStart((byte)' ');
        if (rest.IsEmpty || rest.Length == line.Length)
        {
            return null;
        }

        char state = (char)rest[0];
        ulong parent = Field(ref rest, 1);
        ulong flags = Field(ref rest, 5);
        ulong start = Field(ref rest, 13);
        ulong code = Field(ref rest, 4);
        return new ProcessStat(state, (int)parent, (uint)flags, start, state == 'Z' ? (int)Field(ref rest, 26) : 0, code > 1);
    }

    // The number that stands so many fields further on; 0 if there is none, or a negative one.
    private static ulong Field(ref ReadOnlySpan<byte> rest, int fields)
    {
        for (; fields > 0; fields--)
        {
            int space = rest.IndexOf((byte)' ');
            rest = space < 0 ? [] : rest[(space + 1)..];
        }

        return Utf8Parser.TryParse(rest, out ulong number, out _) ? number : 0;
    }
}
