using System.Globalization;
using ShimStack.Drill.Running;
using ShimStack.Drill.Watching;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Live;

/// <summary>
/// A command line for the shell, which is the daemon or starts it, in whatever way. What the daemon says goes where that of the one before
/// went, if that is a file. It outlives the drill.
/// </summary>
/// <param name="command">The user's words.</param>
/// <param name="address">Where the daemon listens.</param>
/// <param name="first">The daemon that was found.</param>
internal sealed class CommandStart(string command, string address, DaemonProcess first) : IDaemonStart
{
    private const int Output = 1;
    private const int Errors = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly string? _output = first.FileOf(Output);
    private readonly string? _errors = first.FileOf(Errors);

    public string Text => command;

    public string Log => _errors ?? _output ?? "where the start command puts it";

    public async Task<DaemonProcess> StartAsync(WatchLoop loop, DaemonProcess before)
    {
        // Whoever watches over it may have been quicker.
        if (DaemonSocket.TryOwner(address) is DaemonProcess back)
        {
            return Checked(back, before);
        }

        Task<ChildExit> end = await SpawnAsync(loop);
        using CancellationTokenSource limit = new(Limit);
        while (!limit.IsCancellationRequested)
        {
            if ((Below(before) ?? DaemonSocket.TryOwner(address)) is DaemonProcess found)
            {
                return Checked(found, before);
            }

            if (end is { IsCompleted: true, Result: { Status: not 0 } exit })
            {
                throw new DrillException($"the start command has ended with {exit.Status}, and nobody listens on {address}: {command}");
            }

            // Of a process that comes to be nobody is told.
            await Task.Delay(Pause, CancellationToken.None);
        }

        throw new DrillException($"nobody listens on {address} {Limit.TotalSeconds:0} s after the start command: {command}");
    }

    public Task EndedAsync(WatchLoop loop) => Task.CompletedTask;

    // The drill is a subreaper, so what the command leaves behind is below it.
    private static DaemonProcess? Below(DaemonProcess before) =>
        Machine.Descendants().Select(DaemonProcess.TryRead).FirstOrDefault(process => process is not null && process.IsSuccessorOf(before));

    private DaemonProcess Checked(DaemonProcess found, DaemonProcess before) => found.IsSuccessorOf(before)
        ? found
        : throw new DrillException(string.Create(CultureInfo.InvariantCulture,
            $"process {found.Pid} listens on {address}, and was started otherwise: {found.CommandLine}; before: {before.CommandLine}"));

    private async Task<Task<ChildExit>> SpawnAsync(WatchLoop loop)
    {
        List<FileDescriptor> files = [];
        try
        {
            List<SpawnDescriptor> descriptors = [];
            foreach ((string? path, int number) in ((string?, int)[])[(_output, Output), (_errors, Errors)])
            {
                if (path is not null)
                {
                    files.Add(Files.Open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND, 0x180 /* 0600 */));
                    descriptors.Add(new SpawnDescriptor(files[^1], number));
                }
            }

            (int _, Task<ChildExit> end) = await loop.SpawnAsync(new SpawnRequest
            {
                Path = "/bin/sh",
                Arguments = ["/bin/sh", "-c", command],
                Environment = OwnEnvironment.Words,
                WorkingDirectory = "/",
                Descriptors = descriptors,
                NewProcessGroup = true, // ctrl-c is for the drill
            });
            return end;
        }
        finally
        {
            files.ForEach(static file => file.Dispose());
        }
    }
}
