using Grpc.Core;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Soak.Walk;

/// <summary>The steps with a container or an exec.</summary>
internal sealed class ProcessSteps(World world)
{
    private const int Stdout = 1;
    private const int Stderr = 2;
    private const int MostPauses = 10;

    /// <summary>The model has made the step before, so that it knows the names.</summary>
    public async Task CreateAsync(Step step)
    {
        ProcessModel init = world.Model.Process(step.Process);
        string[] command = CommandOf(init);
        ContainerSettings settings = new() { Output = false, OutputUri = OutputOf(init) };
        Container container = await Container.RecordAsync(world.Stage, init.Container, command, settings);
        LiveProcess live = world.Join(init, container);
        await container.CreateTaskAsync();
        live.Found(container.Pid);
        live.Wait.Ask();
        world.Shims[init.Container] = Assert.Single(world.Stage.Shims().Except(world.Shims.Values));
    }

    public async Task CreateWithDyingRuntimeAsync(Step step)
    {
        using HalfCreation half = await HalfCreation.BeginAsync(world.Stage, WalkModel.IdOf(step.Process), WalkLimits.RuntimeSteps[step.Number]);
        await half.KillRuntimeAsync();
        half.LetGo();
        await half.EndAsync();
    }

    public async Task AddExecAsync(Step step)
    {
        ProcessModel exec = world.Model.Process(step.Process);
        Container container = world.Live(world.Model.ContainerOf(exec).Init).Container;
        world.Join(exec, container);
        await container.AddExecToAsync(OutputOf(exec), exec.Exec, CommandOf(exec));
    }

    public async Task StartAsync(ProcessModel process)
    {
        LiveProcess live = world.Live(process);
        await live.Container.StartAsync(process.Exec);
        if (!process.IsInit)
        {
            live.Found((int)(await live.Container.StateAsync(process.Exec)).Pid);
            live.Wait.Ask();
        }

        await Until.TrueAsync(() => live.Worker.IsReady, $"{process.Name} runs");
    }

    public async Task DeleteAsync(ProcessModel process)
    {
        LiveProcess live = world.Live(process);
        bool hasCode = process.IsInit || process.Life == Life.Ended;
        uint code = process.IsInit ? await live.Container.DeleteAsync() : await live.Container.DeleteExecAsync(process.Exec);
        if (hasCode && process.Codes.Count > 0)
        {
            Assert.Contains((int)code, process.Codes);
        }

        if (process.IsInit)
        {
            await Until.TrueAsync(() => !ProcessTable.Runs(world.Shims[process.Container]), $"the shim of {process.Container} ends after its Delete");
            world.Shims.Remove(process.Container);
        }

        world.Leave(live);
    }

    // With cgroup v1 on a busy machine runc gives up freezing after a while, and says so; nothing has changed then.
    public async Task PauseAsync(ProcessModel init)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await world.Live(init).Container.PauseAsync();
                return;
            }
            catch (RpcException e) when (tries < MostPauses && e.Status.Detail.Contains("unable to freeze", StringComparison.Ordinal))
            {
                // Once more.
            }
        }
    }

    public Task KillAsync(ProcessModel process, int signal) => world.Live(process).Container.KillAsync(signal, process.Exec);

    public async Task KillFromOutsideAsync(ProcessModel process) =>
        (await Command.RunAsync("kill", ["-KILL", $"{world.Live(process).Pid}"])).MustSucceed();

    private string OutputOf(ProcessModel process) => Path.Combine(world.Stage.Directory, process.Name);

    // Execs write to stderr, so that both are tried.
    private static string[] CommandOf(ProcessModel process) => WorkerFiles.Command(process.Name, process.IsInit ? Stdout : Stderr);
}
