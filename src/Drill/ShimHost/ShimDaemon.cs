using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using ShimStack.Api.Events;
using ShimStack.Api.Task;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using ShimStack.Drill.Work;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Ttrpc;

namespace ShimStack.Drill.ShimHost;

/// <summary>
/// The least of a daemon that a shim can live under, in the drill's own process. That it is killed means: the socket for events is closed and removed, and
/// all connections to shims drop. That it is frozen: neither events nor calls are answered. A new one connects to the shims that were there, as
/// containerd does, and cleans up after those that are not. Events go to who is subscribed, and are not kept. Contract chapters 1 and 6.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing to dispose.")]
internal sealed class ShimDaemon(string shim, TargetPlaces places, WatchLoop loop, DrillRecord record) : IDaemon
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, HostedShim> _shims = [];
    private readonly ConcurrentDictionary<string, WatchLoop.Watched> _logs = [];
    private TaskCompletionSource _thawed = Done();
    private TaskCompletionSource _end = Done();
    private CancellationTokenSource _life = new();
    private TtrpcListener? _events;

    public string Name => TargetNames.Shim;

    public int Pid => 0;

    public bool IsRunning => _events is not null;

    public Task End => IsRunning ? _end.Task : Task.CompletedTask;

    /// <summary>Who is subscribed.</summary>
    public event Action<ToldEvent>? Told;

    /// <summary>Ends with the daemon that is there now: what it was doing stays half done, whoever comes next.</summary>
    public CancellationToken Life => _life.Token;

    public ICollection<HostedShim> Shims => _shims.Values;

    private string EventsSocket => Path.Combine(places.Folder, "events.sock");

    private ShimAction Action => field ??= new ShimAction(shim, EventsSocket, places, loop);

    public async Task StartAsync()
    {
        (_end, _thawed, _life) = (new(TaskCreationOptions.RunContinuationsAsynchronously), Done(), new());
        TtrpcServer server = new(new TtrpcServerOptions(), NullLogger.Instance);
        server.AddMethod(EventServices.Ttrpc, EventServices.Forward, ForwardRequest.Parser, async (request, _) =>
        {
            await _thawed.Task;
            Tell(request.Envelope?.Topic ?? "", request.Envelope?.Event?.Value ?? ByteString.Empty);
            return new Empty();
        });
        File.Delete(EventsSocket);
        _events = TtrpcListener.Listen(EventsSocket, server);
        await Task.WhenAll(_shims.Values.Select(LoadAsync));
        Note(DaemonState.Up, "serves");
    }

    public async Task EndAsync(Signal signal)
    {
        if (Interlocked.Exchange(ref _events, null) is not TtrpcListener events)
        {
            return;
        }

        Note(DaemonState.Down, "is gone: socket and connections are closed");
        await _life.CancelAsync();
        _end.TrySetResult();
        _thawed.TrySetResult();
        await Task.WhenAll(_shims.Values.Select(static one => one.DisconnectAsync()));
        await events.DisposeAsync();
        File.Delete(EventsSocket);
    }

    public void Freeze()
    {
        _thawed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Note(DaemonState.Frozen, "answers nothing");
    }

    public void Thaw()
    {
        _thawed.TrySetResult();
        Note(DaemonState.Up, "answers again");
    }

    /// <summary>Returns when it can answer.</summary>
    /// <exception cref="RpcException">Unavailable: it is gone.</exception>
    public async Task AnswerAsync(CancellationToken stop)
    {
        await _thawed.Task.WaitAsync(stop);
        if (!IsRunning)
        {
            throw Gone();
        }
    }

    /// <exception cref="RpcException">NotFound.</exception>
    public HostedShim Find(string id) =>
        _shims.TryGetValue(id, out HostedShim? found) ? found : throw new RpcException(RpcCode.NotFound, $"no running task {id}");

    /// <summary>From an order to a shim that is connected to, and has no container yet.</summary>
    public async Task<HostedShim> LaunchAsync(Subject subject)
    {
        CancellationToken life = Life;
        string bundle = places.BundleOf(subject.Name);
        HostedShim one = new(subject.Name, bundle);
        if (!_shims.TryAdd(subject.Name, one))
        {
            throw new RpcException(RpcCode.AlreadyExists, $"task {subject.Name} already exists");
        }

        try
        {
            _logs[one.Id] = ShimBundle.Make(bundle, WorkSpec.Container(subject.Order, places), places, loop);
            one.Start = Action.RunAsync(one, "start");
            ShimAddress address = ShimAddress.Parse(System.Text.Encoding.UTF8.GetString(await one.Start));
            life.ThrowIfCancellationRequested();
            one.Address = address;
            Follow(one, await one.ConnectAsync());
            return one;
        }
        catch (Exception e) when (!life.IsCancellationRequested && e is RpcException or SocketException or DrillException or IOException)
        {
            await DropAsync(one);
            throw e is RpcException ? e : RpcException.Unknown(e.Message);
        }
    }

    /// <summary>The container is deleted, or never was: its shim has nothing more to do.</summary>
    public async Task ForgetAsync(HostedShim one)
    {
        CancellationToken life = Life;
        one.IsDeleted = true;
        using CancellationTokenSource limit = new(ShutdownLimit);
        try
        {
            await one.CallAsync(TaskServices.Shutdown, new ShutdownRequest { Id = one.Id }, Empty.Parser, limit.Token);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // It ends as it answers, or has ended.
        }

        if (life.IsCancellationRequested)
        {
            throw Gone();
        }

        await DropAsync(one);
    }

    private static TaskCompletionSource Done()
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        done.SetResult();
        return done;
    }

    private static RpcException Gone() => new(RpcCode.Unavailable, "the daemon is gone");

    private async Task LoadAsync(HostedShim one)
    {
        one.IsDeleted = false;
        try
        {
            if (one.Address is null)
            {
                // It may still be at it: a daemon's death does not end what it has started.
                await Task.WhenAny(one.Start);
                throw new DrillException("its start was cut");
            }

            Task end = await one.ConnectAsync();
            await one.CallAsync(TaskServices.State, new StateRequest { Id = one.Id }, StateResponse.Parser, CancellationToken.None);
            Follow(one, end);
        }
        catch (RpcException e) when (e.Code == RpcCode.NotFound)
        {
            await ForgetAsync(one); // a shim without a container: its Create was cut
        }
        catch (Exception e) when (e is SocketException or RpcException or DrillException)
        {
            await LostAsync(one, e.Message);
        }
    }

    private void Follow(HostedShim one, Task end)
    {
        CancellationToken life = Life;
        _ = EndAsync();
        async Task EndAsync()
        {
            await end;
            if (!life.IsCancellationRequested && !one.IsDeleted)
            {
                await LostAsync(one, "its connection has ended");
            }
        }
    }

    // The daemon tells of the end of a container whose shim has died: what the delete action says.
    private async Task LostAsync(HostedShim one, string reason)
    {
        record.Note(EntryKind.Done, one.Id, $"its shim is lost: {reason}");
        if (await DropAsync(one) is DeleteResponse told)
        {
            Tell(Topics.TaskExit, new TaskExit
            {
                ContainerId = one.Id,
                Id = one.Id,
                Pid = told.Pid,
                ExitStatus = told.ExitStatus,
                ExitedAt = told.ExitedAt,
            }.ToByteString());
        }
    }

    private async Task<DeleteResponse?> DropAsync(HostedShim one)
    {
        one.IsDeleted = true;
        await one.DisconnectAsync();
        try
        {
            return DeleteResponse.Parser.ParseFrom(await Action.RunAsync(one, "-bundle", one.Bundle, "delete"));
        }
        catch (Exception e) when (e is RpcException or InvalidProtocolBufferException or SyscallException)
        {
            record.Note(EntryKind.Done, one.Id, $"its delete action fails: {e.Message}");
            return null;
        }
        finally
        {
            ShimBundle.Delete(one.Bundle);
            _shims.TryRemove(one.Id, out HostedShim? _);
            if (_logs.TryRemove(one.Id, out WatchLoop.Watched? log))
            {
                log.Dispose();
            }
        }
    }

    private void Tell(string topic, ByteString value)
    {
        if (TaskEvents.TryRead(topic, value) is ToldEvent told)
        {
            Told?.Invoke(told);
        }
    }

    private void Note(DaemonState state, string text) =>
        record.Note(EntryKind.Done, "daemon", text, now => record.Daemon.Add(new DaemonChange(now, state)));
}
