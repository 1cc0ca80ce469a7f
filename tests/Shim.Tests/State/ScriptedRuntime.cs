using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Sockets;
using ShimStack.Native.Terminals;
using ShimStack.Shim.Runtime;

namespace ShimStack.Shim.Tests.State;

/// <summary>A runtime without processes: it writes pid files with numbers that no process has, and keeps the ends it is given.</summary>
internal sealed class ScriptedRuntime : IOciRuntime
{
    private int _nextPid = 0x3ff_0000;

    /// <summary>The container's ends of the streams of each process, by pid: what a real process would hold.</summary>
    public Dictionary<int, ChildStdio> Streams { get; } = [];

    /// <summary>The container's end of each terminal, by pid.</summary>
    public Dictionary<int, FileDescriptor> Terminals { get; } = [];

    /// <summary>The pid of the next process, when it is a real one.</summary>
    public int? NextPid { get; set; }

    public List<string> Kills { get; } = [];

    /// <summary>What was asked for, in order: the command's name, and whether by force.</summary>
    public List<string> Steps { get; } = [];

    /// <summary>Runs when a command has done its work and before it returns: its name, and the pid that it made or 0.</summary>
    public Func<string, int, Task> BeforeReturn { get; set; } = static (_, _) => Task.CompletedTask;

    public Task CreateAsync(CreateCommand command, CancellationToken cancellation) =>
        MakeAsync("create", command.PidFile, command.ConsoleSocket, command.Stdio);

    public Task StartAsync(string id, CancellationToken cancellation) => DoneAsync("start");

    public Task<bool> IsStartedAsync(string id, CancellationToken cancellation) => Task.FromResult(Steps.Contains("start"));

    public Task ExecAsync(ExecCommand command, CancellationToken cancellation) =>
        MakeAsync("exec", command.PidFile, command.ConsoleSocket, command.Stdio);

    public Task KillAsync(string id, uint signal, bool all, CancellationToken cancellation)
    {
        Kills.Add($"{id} {signal} {all}");
        return Task.CompletedTask;
    }

    public Task PauseAsync(string id, CancellationToken cancellation) => DoneAsync("pause");

    public Task ResumeAsync(string id, CancellationToken cancellation) => DoneAsync("resume");

    public Task UpdateAsync(string id, ReadOnlyMemory<byte> resources, CancellationToken cancellation) => DoneAsync("update");

    public Task CheckpointAsync(CheckpointCommand command, CancellationToken cancellation) => DoneAsync("checkpoint");

    public Task RestoreAsync(CreateCommand command, RestoreSource source, CancellationToken cancellation) =>
        MakeAsync("restore", command.PidFile, command.ConsoleSocket, command.Stdio);

    public Task DeleteAsync(string id, bool force, CancellationToken cancellation) => DoneAsync(force ? "delete --force" : "delete");

    private Task DoneAsync(string step, int pid = 0)
    {
        Steps.Add(step);
        return BeforeReturn(step, pid);
    }

    private Task MakeAsync(string step, string pidFile, string? consoleSocket, ChildStdio? stdio)
    {
        int pid = NextPid ?? ++_nextPid;
        NextPid = null;
        if (consoleSocket is not null)
        {
            PseudoTerminalPair pair = Terminal.OpenPair();
            using FileDescriptor socket = UnixSocket.Connect(consoleSocket);
            UnixSocket.SendDescriptor(socket, "/dev/pts/ptmx"u8, pair.Master);
            pair.Master.Dispose();
            Terminals[pid] = pair.Slave;
        }
        else
        {
            Streams[pid] = new ChildStdio(Copy(stdio?.Stdin), Copy(stdio?.Stdout), Copy(stdio?.Stderr));
        }

        File.WriteAllText(pidFile, pid.ToString(CultureInfo.InvariantCulture));
        return DoneAsync(step, pid);
    }

    private static FileDescriptor? Copy(FileDescriptor? descriptor) => descriptor is null ? null : Files.Duplicate(descriptor);
}
