using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ShimStack.ShimDriver.Host;

/// <summary>
/// A program that is started and awaited with nothing in between: System.Diagnostics.Process takes some milliseconds of its own, which would be
/// counted as the program's. As with Process, its signals are the defaults and none is blocked.
/// </summary>
public static partial class QuietProcess
{
    private const int ActionsSize = 128; // posix_spawn_file_actions_t is 80 bytes with glibc
    private const int AttributesSize = 512; // posix_spawnattr_t is 336
    private const int SignalSetSize = 128;
    private const int O_RDWR = 2;
    private const short POSIX_SPAWN_SETSIGDEF = 4;
    private const short POSIX_SPAWN_SETSIGMASK = 8;

    /// <summary>Runs the program to its end, with /dev/null on its standard streams and the driver's environment.</summary>
    /// <inheritdoc cref="Run(QuietStart)"/>
    public static (int Status, TimeSpan Elapsed) Run(string path, IEnumerable<string> arguments) =>
        Run(new QuietStart(path, [path, .. arguments]));

    /// <summary>Runs the program to its end. Blocks; orphans that it leaves may keep running.</summary>
    /// <returns>The wait status of waitpid(2), 0 for success, and the time from before the spawn until after the wait.</returns>
    public static (int Status, TimeSpan Elapsed) Run(QuietStart start)
    {
        long started = Stopwatch.GetTimestamp();
        int status = Subreaper.Reap(Spawn(start));
        return (status, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Starts the program; it has to be reaped by the caller. See posix_spawn(3).</summary>
    public static unsafe int Spawn(QuietStart start)
    {
        string?[] argv = [.. start.Arguments, null];
        string?[] environment = [.. (start.Environment ?? DriversOwn()).Select(pair => $"{pair.Key}={pair.Value}"), null];
        byte* actions = stackalloc byte[ActionsSize];
        byte* attributes = stackalloc byte[AttributesSize];
        Check(InitializeActions(actions), "posix_spawn_file_actions_init");
        Check(InitializeAttributes(attributes), "posix_spawnattr_init");
        try
        {
            Prepare(actions, attributes, start);
            Check(PosixSpawn(out int pid, start.Path, actions, attributes, argv, environment), $"posix_spawn {start.Path}");
            return pid;
        }
        finally
        {
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
        }
    }

    /// <summary>The driver's environment.</summary>
    public static IReadOnlyDictionary<string, string> DriversOwn() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    private static unsafe void Prepare(byte* actions, byte* attributes, QuietStart start)
    {
        ReadOnlySpan<int> streams = [start.Input, start.Output, start.Error];
        for (int target = 0; target < streams.Length; target++)
        {
            Check(
                streams[target] < 0 ? AddOpen(actions, target, "/dev/null", O_RDWR, 0) : AddDuplicate(actions, streams[target], target),
                "posix_spawn_file_actions");
        }

        if (start.WorkingDirectory is { } directory)
        {
            Check(AddChangeDirectory(actions, directory), "posix_spawn_file_actions_addchdir_np");
        }

        byte* signals = stackalloc byte[SignalSetSize];
        _ = EmptySignals(signals);
        Check(SetMask(attributes, signals), "posix_spawnattr_setsigmask");
        _ = FillSignals(signals);
        Check(SetDefaults(attributes, signals), "posix_spawnattr_setsigdefault");
        Check(SetFlags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK), "posix_spawnattr_setflags");
    }

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

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static unsafe partial int AddDuplicate(byte* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int AddChangeDirectory(byte* actions, string path);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static unsafe partial int InitializeAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static unsafe partial int DestroyAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static unsafe partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static unsafe partial int SetMask(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static unsafe partial int SetDefaults(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    private static unsafe partial int EmptySignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static unsafe partial int FillSignals(byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int PosixSpawn(
        out int pid, string path, byte* actions, byte* attributes, string?[] argv, string?[] environment);
}
