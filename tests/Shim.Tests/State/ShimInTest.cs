using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Parking;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Serving;
using ShimStack.Shim.Settings;
using ShimStack.Shim.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.State;

/// <summary>A whole server on a real socket and a real loop, with a scripted runtime: everything but the process around it.</summary>
internal sealed class ShimInTest : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TtrpcClient _client;

    private ShimInTest(EventLoop loop, ShimSettings settings, bool parks)
    {
        (Loop, Settings) = (loop, settings);
        Parking = parks ? PacketSocket.Listen(ParkingPath, 0b110_000_000) : null;
        string path = Path.Join(Directory.Path, "socket");
        Start(UnixSocket.Listen(path));
        ClientSocket = new LoopStream(loop, UnixSocket.Connect(path));
        _client = new TtrpcClient(ClientSocket, new TtrpcClientOptions { TimeProvider = loop.Timers });
    }

    public EventLoop Loop { get; }

    public TemporaryDirectory Directory { get; } = new();

    public Reaper Reaper { get; private set; } = null!;

    public ScriptedRuntime Runtime { get; } = new();

    public ShimSettings Settings { get; }

    public RecordingEvents Events { get; } = new() { IsAway = true };

    public ShimParts Parts { get; private set; } = null!;

    public LoopStream ClientSocket { get; }

    /// <summary>Where a daemon would take what the shim leaves for the case that it dies; null if there is no such daemon.</summary>
    public FileDescriptor? Parking { get; }

    private string ParkingPath => Path.Join(Directory.Path, "park");

    /// <summary>Runs a test on a loop of its own, with all signals through the runtime: its processes are no processes.</summary>
    public static void Run(Func<ShimInTest, Task> test) => Run(test, new ShimSettings { DirectKill = false });

    /// <summary>Runs a test on a loop of its own.</summary>
    public static void Run(Func<ShimInTest, Task> test, ShimSettings settings, bool parks = false)
    {
        using EventLoop loop = new();
        loop.Run(async () =>
        {
            using ShimInTest shim = new(loop, settings, parks);
            await test(shim);
            return true;
        });
    }

    /// <summary>The daemon's events socket answers from now on.</summary>
    public void LetDaemonIn()
    {
        Events.IsAway = false;
        Parts.Background.Run("event delivery", Parts.Outbox.RunAsync);
    }

    /// <summary>Puts everything down and lets other objects pick it up, as another build would.</summary>
    public async Task<ShimRecord> HandOverAsync()
    {
        Inheritance left = new();
        ShimRecord record = ShimRecord.Parser.ParseFrom((await PutDownAsync(left)).ToByteArray());
        left.LetGo();
        ForgetOld(record);
        Start(FileDescriptor.Take((int)record.Listener));
        Parts.State.PickUp(record, Parts.State.Restore(record), Reaper);
        Parts.Listener.PickUp(record.Connections);
        return record;
    }

    /// <summary>Lets other objects adopt what was left in a mailbox, as a new process would after the death of this one.</summary>
    public async Task<AdoptedRecords> AdoptAsync(FileDescriptor mailbox)
    {
        Inheritance left = new();
        await PutDownAsync(left);
        left.LetGo();
        AdoptedRecords adopted = new(Adoption.Receive(mailbox));
        ShimRecord record = adopted.Update();
        Start(FileDescriptor.Take((int)record.Listener));
        Parts.State.PickUp(record, Parts.State.Restore(record), Reaper);
        foreach (ReapedExit exit in adopted.Exits)
        {
            Reaper.Deliver(exit);
        }

        return adopted;
    }

    // What is made anew by each build is no part of the state.
    private static void ForgetOld(ShimRecord record)
    {
        foreach (uint number in record.ToBeClosed)
        {
            record.Descriptors.Remove(number);
        }

        record.ToBeClosed.Clear();
    }

    /// <summary>All that the server knows, at a moment when no news is on its way in it.</summary>
    public async Task<ShimRecord> PutDownAsync(Inheritance left)
    {
        TaskCompletionSource<ShimRecord> told = new();
        Loop.AtRest = () =>
        {
            Loop.AtRest = null;
            told.SetResult(Parts.State.PutDown(left));
        };
        Loop.Post(static _ => { }, null); // so that there is another turn, wherever in this one we are
        return await told.Task.WaitAsync(Limit, Loop.Timers);
    }

    public Task<TResponse> CallAsync<TRequest, TResponse>(string method, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => CallAsync(TaskServices.V2, method, request, parser);

    public Task<TResponse> CallAsync<TRequest, TResponse>(string service, string method, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        _client.CallAsync(service, method, request, parser, default, CancellationToken.None).WaitAsync(Limit, Loop.Timers);

    /// <summary>A real child of the test, which has been signalled, ends.</summary>
    public void ReapFor(int pid)
    {
        Runtime.Streams.Remove(pid);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Reaper.ReapAll();
                return !Native.Processes.ProcessSignals.Exists(pid);
            },
            Limit));
    }

    /// <summary>A process ends: its ends of its streams are closed, and the reaper tells.</summary>
    public void End(uint pid, int status)
    {
        if (Runtime.Streams.Remove((int)pid, out ChildStdio? streams))
        {
            streams.Dispose();
        }

        if (Runtime.Terminals.Remove((int)pid, out FileDescriptor? terminal))
        {
            terminal.Dispose();
        }

        Reaper.Deliver(new ReapedExit((int)pid, status, Loop.Timers.GetUtcNow()));
    }

    public void Dispose()
    {
        ClientSocket.Dispose();
        Parking?.Dispose();
        Directory.Dispose();
    }

    private void Start(FileDescriptor socket)
    {
        Reaper = new Reaper(Loop.Timers) { IsChild = static _ => true };
        ShimSurroundings around = new(Loop, Reaper, "test", Events, _ => (_, _) => Runtime, [], Settings, static () => 0, NullLogger.Instance)
        {
            Parking = Parking is null ? null : (ParkingPath, "shim"),
        };
        Parts = new ShimParts(around, socket, static () => { });
    }
}
