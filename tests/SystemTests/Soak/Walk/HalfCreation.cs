using System.Text.Json.Nodes;
using Grpc.Core;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Crash;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>A container in the middle of whose creation somebody dies. Whoever it is, nothing of it may be left in the end.</summary>
internal sealed class HalfCreation : IDisposable
{
    private readonly Stage _stage;
    private readonly SteppingRuntime _runtime;
    private readonly IReadOnlyList<int> _others;
    private Container? _container;
    private Task? _create;

    private HalfCreation(Stage stage, string step)
    {
        _stage = stage;
        _runtime = SteppingRuntime.Create(stage, step);
        _others = stage.Shims();
    }

    /// <summary>Begins to create; returns when the runtime has come to the step, where it waits.</summary>
    public static async Task<HalfCreation> BeginAsync(Stage stage, string id, string step)
    {
        HalfCreation half = new(stage, step);
        ContainerSettings settings = new()
        {
            Output = false,
            RuntimeBinary = half._runtime.Path,
            Hooks = step == "in hook" ? new JsonObject { ["createRuntime"] = new JsonArray(new JsonObject { ["path"] = half._runtime.Hook }) } : null,
        };
        half._container = await Container.RecordAsync(stage, id, ["/bin/sleep", "1000"], settings);
        half._create = half._container.CreateTaskAsync();
        await half._runtime.StoppedAsync();
        return half;
    }

    /// <summary>SIGKILL for the runtime: Create says that it failed.</summary>
    public async Task KillRuntimeAsync()
    {
        string end = $" {_container!.Id}";
        int runtime = _stage.Guard.Pids().First(pid => ProcessTable.CommandLine(pid) is string line && line.EndsWith(end, StringComparison.Ordinal)
            && line.Contains("runc", StringComparison.Ordinal) && line.Contains(" create ", StringComparison.Ordinal));
        (await Command.RunAsync("kill", ["-KILL", $"{runtime}"])).MustSucceed();
        await Assert.ThrowsAnyAsync<RpcException>(() => _create!);
    }

    /// <summary>The runtime goes on.</summary>
    public void LetGo() => _runtime.LetGo();

    /// <summary>With a daemon that may know of the container or not: it is taken away, and its shim ends.</summary>
    public async Task EndAsync()
    {
        await TryAsync(() => _create!);
        await TryAsync(() => _container!.KillAsync(Plan.WalkLimits.SIGKILL));
        await TryAsync(async () => await _container!.WaitAsync());
        await TryAsync(async () => await _container!.DeleteAsync());
        await TryAsync(_container!.DeleteRecordAsync);
        await Until.TrueAsync(() => !_stage.Shims().Except(_others).Any(), $"the shim of {_container.Id}, which was half created, ends");
    }

    public void Dispose()
    {
        _runtime.Dispose();
        Directory.Delete(Path.GetDirectoryName(_runtime.Path)!, recursive: true);
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException)
        {
            // The daemon has died in the call, or does not know the container: both are right.
        }
    }
}
