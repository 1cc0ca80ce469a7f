using System.Globalization;

namespace ShimStack.Native.Processes;

/// <summary>Another program takes the place of this one: same pid, same children, same open files as far as they are named.</summary>
public static unsafe class ProgramReplacement
{
    private const nuint FirstOther = 3;
    private const string WayBackVariable = "SHIMSTACK_WAY_BACK";

    /// <summary>
    /// For the environment of the next program: when it has not called <see cref="EndWayBack"/> in time, the program before is executed again. One that
    /// does not know of this has the variable, and nothing happens. See way_back.c.
    /// </summary>
    /// <param name="limit">How long it may take.</param>
    /// <param name="program">The program before.</param>
    /// <param name="state">What it is left: the number is the value of SHIMSTACK_STATE then.</param>
    /// <param name="descriptors">What it finds open besides.</param>
    public static string WayBack(TimeSpan limit, FileDescriptor program, FileDescriptor state, IEnumerable<uint> descriptors) =>
        string.Create(CultureInfo.InvariantCulture, $"{WayBackVariable}={(long)limit.TotalMilliseconds},{program.Number},{state.Number},{string.Join(',', descriptors)}");

    /// <summary>There is no way back any more. On the process's first thread.</summary>
    public static void EndWayBack() => LinuxCalls.shimstack_way_back_end();

    /// <summary>
    /// Executes an open program. Descriptors 0, 1 and 2 and those named stay open under their numbers, all others are closed. All other threads end
    /// here, whatever they do; signals that are blocked in the calling thread stay blocked and pending. Returns only by throwing: then nothing has
    /// happened, but that descriptors may be marked close-on-exec that were not. See execveat(2), close_range(2).
    /// </summary>
    /// <param name="program">A binary, open for reading; no script, which would find its descriptor closed.</param>
    /// <param name="arguments">The whole argv, its first element included.</param>
    /// <param name="environment">The whole environment as "NAME=value".</param>
    /// <param name="inherited">What it finds open besides.</param>
    /// <exception cref="SyscallException">It cannot be executed.</exception>
    public static void Execute(
        FileDescriptor program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, IReadOnlyList<FileDescriptor> inherited)
    {
        using SpawnBlock block = new(new SpawnRequest { Path = "", Arguments = arguments, Environment = environment });
        CloseOthers();
        try
        {
            KeepStandardStreams();
            for (int i = 0; i < inherited.Count; i++)
            {
                Native.Files.Files.SetInherited(inherited[i], true);
            }

            SpawnBlock.Header* request = block.Request;
            Syscall.Check(
                LinuxCalls.syscall_execveat(
                    LinuxCalls.SYS_execveat, program, request->Path, request->Arguments, request->Environment, LinuxCalls.AT_EMPTY_PATH),
                arguments[0],
                "execveat");
        }
        catch
        {
            CloseOthers();
            throw;
        }
    }

    // A log in the place of standard error may be marked; what the next program opens first must not get its number.
    private static void KeepStandardStreams()
    {
        for (int number = 0; number < (int)FirstOther; number++)
        {
            FileDescriptor stream = FileDescriptor.Take(number);
            try
            {
                Native.Files.Files.SetInherited(stream, true);
            }
            catch (SyscallException e) when (e.Errno == Errno.EBADF)
            {
                // It is closed, and stays so.
            }
            finally
            {
                stream.Release();
            }
        }
    }

    // What came without O_CLOEXEC must not stay, either. Before Linux 5.11 nothing marks them all at once: then they stay.
    private static void CloseOthers() =>
        LinuxCalls.syscall_close_range(LinuxCalls.SYS_close_range, FirstOther, uint.MaxValue, LinuxCalls.CLOSE_RANGE_CLOEXEC);
}
