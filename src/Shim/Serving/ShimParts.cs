using Microsoft.Extensions.Logging;
using ShimStack.Native;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Cgroups;
using ShimStack.Shim.Control;
using ShimStack.Shim.Events;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Parking;
using ShimStack.Shim.Reaping;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Sandboxes;
using ShimStack.Shim.Settings;
using ShimStack.Shim.State;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Stdio.Spooling;
using ShimStack.Shim.Tasks;
using ShimStack.Shim.Upgrade;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Serving;

/// <summary>The server's parts, put together: all that serves tasks, without the process around it.</summary>
internal sealed class ShimParts
{
    private readonly AdoptedTasks _starts;

    public ShimParts(ShimSurroundings around, FileDescriptor socket, Action shutdown)
    {
        EventLoop loop = around.Loop;
        Strangers = new Strangers(loop, around.Reaper, around.Logger);
        Calls = new RuntimeCalls(loop.Timers);
        Background = new Background(around.Logger);
        Outbox = new EventOutbox(around.Events, loop.Timers, around.Logger);
        RuntimeProcess process = new(loop, around.Reaper, Calls);
        TaskEvents events = new(Outbox);
        Outage = new DaemonOutage(loop.Timers, around.Logger);
        ExitRecorder recorder = new(Tasks, around.Logger);
        ExitDelivery delivery = new(Outbox, recorder, new ExitRepeats(Tasks, events, Outage, loop.Timers, around.Logger), Outage, loop.Timers);
        around.Events.Lost += Outage.Lost;
        StdioContext stdio = new(loop, new FifoReaders(loop), around.Logger, around.Reaper, Background)
        {
            Spools = new SpoolRoom(around.Settings) { OutlivesShim = around.Parking is not null },
        };
        TaskParts parts = new(
            around.Namespace,
            Tasks,
            events,
            new ExitHandler(events, recorder, Background, loop.Timers, around.Logger),
            delivery,
            new ProcessLauncher(stdio, new StreamOpener(stdio, around.Namespace), around.Reaper),
            around.Runtimes(process),
            new TaskRootfs(loop, process, around.Environment, around.Settings),
            around.Settings,
            new TaskCgroups(loop, events, around.Logger),
            loop.Timers,
            around.Logger)
        {
            Parking = Parking = ParkingOf(around, socket),
        };
        _starts = new AdoptedTasks(Tasks, events, Background, around.Logger);
        TtrpcServer server = new(new TtrpcServerOptions { TimeProvider = loop.Timers }, around.Logger);
        new TaskService(parts, shutdown).AddTo(server);
        new SandboxService(loop.Timers, shutdown).AddTo(server);
        Listener = new ConnectionListener(loop, socket, server, around.Logger);
        State = new ShimState(parts, stdio, Outbox, Listener, Outage);
        OwnProgram own = OwnProgram.Read();
        Upgrade = new ShimUpgrade(
            State,
            new StateCheck(State, process, own),
            () => new Quiescence(loop, Listener, Tasks, Calls, Outbox),
            own,
            loop.Timers,
            around.Logger);
        Inside = new ShimInside
        {
            Namespace = around.Namespace,
            Tasks = Tasks,
            Outbox = Outbox,
            Outage = Outage,
            Calls = Calls,
            Connections = Listener,
            Reaper = around.Reaper,
            Settings = around.Settings,
            Upgrade = Upgrade,
            Parking = Parking,
            LogLinesLost = around.LogLinesLost,
            Time = loop.Timers,
            Began = loop.Timers.GetUtcNow(),
        };
        new ControlService(Inside).AddTo(server);
        Listener.Connected += delivery.DaemonSeen;
        if (Parking is not null)
        {
            Listener.Connected += Parking.DaemonSeen;
            Outbox.Changed += Parking.EventsChanged;
        }
    }

    /// <summary>Of containers that were taken over, those that were about to be started are asked for.</summary>
    public void ResumeStarts() => _starts.Resume();

    private ShimParking? ParkingOf(ShimSurroundings around, FileDescriptor socket)
    {
        if (around.Parking is not (string path, string id))
        {
            return null;
        }

        ParkingMessages messages = new(id, UnixSocket.PathOf(socket), around.Namespace, left => State!.PutDownShim(left));
        return new ShimParking(around.Loop, path, Tasks, messages, Strangers, around.Logger) { Events = Outbox };
    }

    public Background Background { get; }

    public EventOutbox Outbox { get; }

    public DaemonOutage Outage { get; }

    public RuntimeCalls Calls { get; }

    public TaskTable Tasks { get; } = new();

    public ConnectionListener Listener { get; }

    public ShimState State { get; }

    public ShimUpgrade Upgrade { get; }

    /// <summary>Null under a daemon that wants nothing to be left with it.</summary>
    public ShimParking? Parking { get; }

    /// <summary>Processes of containers that are not our children.</summary>
    public Strangers Strangers { get; }

    public ShimInside Inside { get; }
}

/// <summary>What the process gives the server: its loop, its children, its environment, and where events go.</summary>
internal sealed record ShimSurroundings(
    EventLoop Loop,
    Reaper Reaper,
    string Namespace,
    IEventSink Events,
    Func<RuntimeProcess, RuntimeFactory> Runtimes,
    IReadOnlyList<string> Environment,
    ShimSettings Settings,
    Func<long> LogLinesLost,
    ILogger Logger)
{
    /// <summary>Where to leave what must not close with the shim, and the shim's id; null under a daemon that does not want it.</summary>
    public (string Path, string Id)? Parking { get; init; }
}
