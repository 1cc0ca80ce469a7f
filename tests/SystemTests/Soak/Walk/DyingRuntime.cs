using System.Text.Json.Nodes;
using Grpc.Core;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Crash;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>A container whose runtime gets SIGKILL while it creates: Create fails, and nothing of it is left.</summary>
internal static class DyingRuntime
{
    public static async Task CreateAsync(Stage stage, string id, string step)
    {
        using SteppingRuntime runtime = SteppingRuntime.Create(stage, step);
        ContainerSettings settings = new()
        {
            Output = false,
            RuntimeBinary = runtime.Path,
            Hooks = step == "in hook" ? new JsonObject { ["createRuntime"] = new JsonArray(new JsonObject { ["path"] = runtime.Hook }) } : null,
        };
        IReadOnlyList<int> others = stage.Shims();
        Container container = await Container.RecordAsync(stage, id, ["/bin/sleep", "1000"], settings);
        Task create = container.CreateTaskAsync();
        await runtime.StoppedAsync();
        (await Command.RunAsync("kill", ["-KILL", $"{RuntimeOf(stage, id)}"])).MustSucceed();
        await Assert.ThrowsAnyAsync<RpcException>(() => create);
        runtime.LetGo();
        await container.DeleteRecordAsync();
        await Until.TrueAsync(() => !stage.Shims().Except(others).Any(), $"the shim of {id}, which could not be created, ends");
        Directory.Delete(Path.GetDirectoryName(runtime.Path)!, recursive: true);
    }

    private static int RuntimeOf(Stage stage, string id) => stage.Guard.Pids().First(pid => ProcessTable.CommandLine(pid) is string line
        && line.Contains("runc", StringComparison.Ordinal) && line.Contains(" create ", StringComparison.Ordinal) && line.EndsWith(" " + id, StringComparison.Ordinal));
}
