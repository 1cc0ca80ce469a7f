using Google.Protobuf.WellKnownTypes;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Containers;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Containers;

/// <summary>A container through the daemon's API: its record, its task and its execs.</summary>
internal sealed class Container
{
    private readonly Stage _stage;
    private readonly ContainerSettings _settings;

    private Container(Stage stage, string id, ContainerSettings settings)
    {
        (_stage, Id, _settings) = (stage, id, settings);
        Output = settings is { Output: true, OutputUri: null } ? Fifo.Create(Path.Combine(stage.Directory, $"{id}-stdout")) : null;
        InputPath = settings.Input ? Path.Combine(stage.Directory, $"{id}-stdin") : "";
        if (settings.Input)
        {
            Fifo.Make(InputPath);
        }
    }

    public string Id { get; }

    public Fifo? Output { get; }

    public string InputPath { get; }

    /// <summary>The pid of its first process, once it has a task.</summary>
    public int Pid { get; private set; }

    private Tasks.TasksClient Tasks => _stage.Client.Tasks;

    /// <summary>Writes the record; no task yet, no shim.</summary>
    public static async Task<Container> RecordAsync(Stage stage, string id, string[] command, ContainerSettings? settings = null)
    {
        stage.Remember(id);
        Container container = new(stage, id, settings ?? new ContainerSettings());
        Wire.Containers.Container record = new()
        {
            Id = id,
            Runtime = new Wire.Containers.Container.Types.Runtime
            {
                Name = container._settings.Shim ?? RuntimeUnderTest.Name,
                Options = container._settings.RecordOptions,
            },
            Spec = ContainerSpec.Container("rootfs", $"/{stage.Name}/{container._settings.Cgroup ?? id}", command, container._settings),
        };
        record.Labels.Add(new Dictionary<string, string>(container._settings.Labels));
        await stage.Client.Containers.CreateAsync(new CreateContainerRequest { Container = record });
        return container;
    }

    /// <summary>Record and task, not started.</summary>
    public static async Task<Container> CreateAsync(Stage stage, string id, string[] command, ContainerSettings? settings = null)
    {
        Container container = await RecordAsync(stage, id, command, settings);
        await container.CreateTaskAsync();
        return container;
    }

    /// <summary>Record, task, started.</summary>
    public static async Task<Container> RunAsync(Stage stage, string id, string[] command, ContainerSettings? settings = null)
    {
        Container container = await CreateAsync(stage, id, command, settings);
        await container.StartAsync();
        return container;
    }

    public async Task CreateTaskAsync()
    {
        Mount usual = new() { Type = "bind", Source = _settings.RootfsSource ?? _stage.Rootfs, Options = { "rbind", "rw" } };
        CreateTaskRequest request = new()
        {
            ContainerId = Id,
            Stdin = InputPath,
            Terminal = _settings.Terminal,
            Stdout = _settings.OutputUri ?? Output?.Path ?? "",
            // The reference refuses a task with one of the two streams only.
            Stderr = _settings.OutputUri ?? Output?.Path ?? "",
            Rootfs = { _settings.Mounts ?? [usual] },
            Checkpoint = _settings.Checkpoint,
            Options = OptionsOfTask(),
        };
        Pid = (int)(await Tasks.CreateAsync(request)).Pid;
    }

    private Any? OptionsOfTask() => _settings.TaskOptions switch
    {
        null => RuntimeOptions.Usual(_stage, _settings.RuntimeBinary ?? ""),
        { TypeUrl: "" } => null,
        Any options => options,
    };

    public async Task StartAsync(string exec = "") => await Tasks.StartAsync(new StartRequest { ContainerId = Id, ExecId = exec });

    /// <summary>The exit code, when there is one. The call is on its way when this returns its task.</summary>
    public async Task<uint> WaitAsync(string exec = "") => (await Tasks.WaitAsync(new WaitRequest { ContainerId = Id, ExecId = exec })).ExitStatus;

    public async Task KillAsync(int signal, string exec = "") =>
        await Tasks.KillAsync(new KillRequest { ContainerId = Id, ExecId = exec, Signal = (uint)signal });

    public async Task CloseInputAsync() => await Tasks.CloseIOAsync(new CloseIORequest { ContainerId = Id, Stdin = true });

    public async Task PauseAsync() => await Tasks.PauseAsync(new PauseTaskRequest { ContainerId = Id });

    public async Task ResumeAsync() => await Tasks.ResumeAsync(new ResumeTaskRequest { ContainerId = Id });

    public async Task<IReadOnlyList<ProcessInfo>> PidsAsync() => (await Tasks.ListPidsAsync(new ListPidsRequest { ContainerId = Id })).Processes;

    public async Task<Process> StateAsync(string exec = "") => (await Tasks.GetAsync(new GetRequest { ContainerId = Id, ExecId = exec })).Process;

    /// <summary>Adds an exec without streams, not started.</summary>
    public async Task AddExecAsync(string exec, params string[] command) =>
        await Tasks.ExecAsync(new ExecProcessRequest { ContainerId = Id, ExecId = exec, Spec = ContainerSpec.Process(command) });

    /// <summary>The same with its output, both streams, to a FIFO of the caller's.</summary>
    public async Task AddExecToAsync(string output, string exec, params string[] command) => await Tasks.ExecAsync(
        new ExecProcessRequest { ContainerId = Id, ExecId = exec, Stdout = output, Stderr = output, Spec = ContainerSpec.Process(command) });

    public async Task<uint> DeleteExecAsync(string exec) =>
        (await Tasks.DeleteProcessAsync(new DeleteProcessRequest { ContainerId = Id, ExecId = exec })).ExitStatus;

    /// <summary>Task and record; the exit code of the task.</summary>
    public async Task<uint> DeleteAsync()
    {
        DeleteResponse response = await Tasks.DeleteAsync(new DeleteTaskRequest { ContainerId = Id });
        await DeleteRecordAsync();
        return response.ExitStatus;
    }

    public async Task DeleteRecordAsync() => await _stage.Client.Containers.DeleteAsync(new DeleteContainerRequest { Id = Id });

    /// <summary>SIGKILL, wait, delete.</summary>
    public async Task EndAsync()
    {
        Task<uint> exit = WaitAsync();
        await KillAsync(9);
        Assert.Equal(137u, await exit);
        Assert.Equal(137u, await DeleteAsync());
    }
}
