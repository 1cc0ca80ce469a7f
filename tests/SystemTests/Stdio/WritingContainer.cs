using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Walk;

namespace ShimStack.SystemTests.Stdio;

/// <summary>One container that writes checked lines when it is told to, and its reader.</summary>
internal sealed class WritingContainer(Stage stage, WorkerFiles worker, OutputReader output)
{
    private const string Name = "c1";

    public Stage Stage => stage;

    public WorkerFiles Worker => worker;

    public OutputReader Output => output;

    public Container Container { get; private set; } = null!;

    /// <param name="line">The daemon.</param>
    /// <param name="test">The test; it deletes the container.</param>
    /// <param name="settings">Of the shim, as NAME=value.</param>
    public static Task RunAsync(string line, Func<WritingContainer, Task> test, params string[] settings) => Stage.RunAsync(
        line,
        async stage =>
        {
            using WorkerFiles worker = new(stage, Name);
            using OutputReader output = new(Path.Combine(stage.Directory, Name), Name);
            WritingContainer writer = new(stage, worker, output)
            {
                Container = await Container.RunAsync(
                    stage, Name, WorkerFiles.Command(Name, 1), new ContainerSettings { OutputUri = output.Path }),
            };
            await Until.TrueAsync(() => worker.IsReady, "the worker runs");
            await test(writer);
        },
        new StageSettings { Prepare = WorkerFiles.InstallAsync, DaemonPrefix = settings.Length == 0 ? "" : $"env {string.Join(' ', settings)}" });

    /// <summary>Returns when the worker has got rid of so many lines.</summary>
    public Task HasWrittenAsync(int lines) =>
        Until.TrueAsync(() => worker.Written == (long)lines * WorkerLines.Length, $"the worker writes {lines} lines");

    /// <summary>Returns when the worker waits for room in its pipe. See proc(5), wchan.</summary>
    public Task BlocksAsync() => Until.TrueAsync(
        () => File.ReadAllText($"/proc/{Container.Pid}/wchan").Contains("pipe_w", StringComparison.Ordinal), "the worker blocks");
}
