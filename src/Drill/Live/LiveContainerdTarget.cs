using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Drill.Apis;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Watching;
using Signal = ShimStack.Native.Processes.Signal;

namespace ShimStack.Drill.Live;

/// <summary>The machine's containerd or shimstackd, and a namespace of the drill's own in it.</summary>
/// <param name="facts">Of it.</param>
/// <param name="places">Of the drill.</param>
/// <param name="shim">The program that its containers get; as far as that is known.</param>
internal sealed class LiveContainerdTarget(LiveFacts facts, TargetPlaces places, string shim) : ILiveTarget
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public string Name => facts.Target;

    public string Runtime => facts.Runtime;

    public string Shim => shim;

    public TargetPlaces Places => places;

    public Promises Promises => facts.Target == TargetNames.Shimstack ? ShimstackTarget.PromisesWith(shim) : Promises.All;

    public void Prepare() => places.Create();

    public IReadOnlyList<IDaemon> Daemons(WatchLoop loop, DrillRecord record) => [new LiveDaemon(facts, loop, record)];

    public IDaemonApi Connect(DrillRecord record) => new ContainerdApi(this);

    public async Task RemoveAllAsync(CancellationToken stop)
    {
        using DaemonClient client = new(places.Socket, places.Namespace);
        while (true)
        {
            ListTasksResponse tasks = await client.Tasks.ListAsync(new ListTasksRequest(), cancellationToken: stop);
            foreach (Api.Types.Process task in tasks.Tasks)
            {
                await RemoveTaskAsync(client, task, stop);
            }

            ListContainersResponse containers = await client.Containers.ListAsync(new ListContainersRequest(), cancellationToken: stop);
            foreach (Container container in containers.Containers)
            {
                await TriedAsync(client.Tasks.DeleteAsync(new() { ContainerId = container.Id }, cancellationToken: stop).ResponseAsync);
                await TriedAsync(client.Containers.DeleteAsync(new() { Id = container.Id }, cancellationToken: stop).ResponseAsync);
            }

            if (tasks.Tasks.Count == 0 && containers.Containers.Count == 0)
            {
                await TriedAsync(client.Namespaces.DeleteAsync(new() { Name = places.Namespace }, cancellationToken: stop).ResponseAsync);
                return;
            }

            await Task.Delay(Pause, stop);
        }
    }

    private static async Task RemoveTaskAsync(DaemonClient client, Api.Types.Process task, CancellationToken stop)
    {
        await TriedAsync(client.Tasks.KillAsync(
            new KillRequest { ContainerId = task.Id, Signal = (uint)Signal.SIGKILL, All = true }, cancellationToken: stop).ResponseAsync);
        // A frozen one dies when it is thawed; one that is not frozen refuses.
        await TriedAsync(client.Tasks.ResumeAsync(new ResumeTaskRequest { ContainerId = task.Id }, cancellationToken: stop).ResponseAsync);
        await TriedAsync(client.Tasks.WaitAsync(new WaitRequest { ContainerId = task.Id }, cancellationToken: stop).ResponseAsync);
        await TriedAsync(client.Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = task.Id }, cancellationToken: stop).ResponseAsync);
    }

    // What is refused shows in the next list.
    private static async Task TriedAsync<T>(Task<T> call)
    {
        try
        {
            await call;
        }
        catch (RpcException e) when (e.StatusCode != StatusCode.Cancelled)
        {
            // NotFound, mostly.
        }
    }
}
