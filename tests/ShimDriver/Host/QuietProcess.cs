using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ShimStack.ShimDriver.Host;

/// <summary>
/// A program with /dev/null on its standard streams, started and awaited with nothing in between: System.Diagnostics.Process takes some milliseconds
/// of its own, which would be counted as the program's.
/// </summary>
public static partial class QuietProcess
{
    private const int ActionsSize = 128; // posix_spawn_file_actions_t is 80 bytes with glibc
    private const int O_RDWR = 2;

    /// <summary>Runs the program to its end. Blocks; orphans that it leaves may keep running.</summary>
    /// <param name="path">Absolute path of the program.</param>
    /// <param name="arguments">Without argv[0].</param>
    /// <returns>The wait status of waitpid(2), 0 for success, and the time from before the spawn until after the wait.</returns>
    public static unsafe (int Status, TimeSpan Elapsed) Run(string path, IEnumerable<string> arguments)
    {
        string?[] argv = [path, .. arguments, null];
        string?[] environment = [.. Variables(), null];
        byte* actions = stackalloc byte[ActionsSize];
        Check(InitializeActions(actions), "posix_spawn_file_actions_init");
        try
        {
            for (int target = 0; target <= 2; target++)
            {
                Check(AddOpen(actions, target, "/dev/null", O_RDWR, 0), "posix_spawn_file_actions_addopen");
            }

            long started = Stopwatch.GetTimestamp();
            Check(Spawn(out int pid, path, actions, 0, argv, environment), $"posix_spawn {path}");
            int status = Subreaper.Reap(pid);
            return (status, Stopwatch.GetElapsedTime(started));
        }
        finally
        {
            _ = DestroyActions(actions);
        }
    }

    private static IEnumerable<string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}");

    // These functions return the errno instead of setting it.
    private static void Check(int errno, string what)
    {
        if (errno != 0)
        {
            throw new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(errno)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static unsafe partial int InitializeActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static unsafe partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int AddOpen(byte* actions, int target, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Spawn(out int pid, string path, byte* actions, nint attributes, string?[] argv, string?[] environment);
}
