using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Task;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Shim.Tests.State;

/// <summary>A container of a <see cref="ShimInTest"/>, with FIFOs that the test holds the other ends of.</summary>
internal sealed class TaskInTest(ShimInTest shim, string id)
{
    public string Bundle { get; } = System.IO.Directory.CreateDirectory(Path.Join(shim.Directory.Path, id)).FullName;

    public uint Pid { get; private set; }

    public FileDescriptor Output { get; private set; } = null!;

    public FileDescriptor Input { get; private set; } = null!;

    /// <summary>Creates it, with or without a terminal, anew or from a checkpoint.</summary>
    public Task CreateAsync(bool terminal = false, string checkpoint = "")
    {
        (string stdin, string stdout) = MakeFifos("init");
        return CreateAsync(new CreateTaskRequest { Stdin = stdin, Stdout = stdout, Terminal = terminal, Checkpoint = checkpoint });
    }

    /// <summary>Creates it with its output somewhere else than in a FIFO.</summary>
    public Task CreateWithOutputToAsync(string uri) => CreateAsync(new CreateTaskRequest { Stdout = uri, Stderr = uri });

    private async Task CreateAsync(CreateTaskRequest request)
    {
        File.WriteAllText(Path.Join(Bundle, "config.json"), """{"linux":{"namespaces":[{"type":"pid"}]}}""");
        (request.Id, request.Bundle) = (id, Bundle);
        Pid = (await shim.CallAsync(TaskServices.Create, request, CreateTaskResponse.Parser)).Pid;
    }

    public Task StartAsync() => shim.CallAsync(TaskServices.Start, new StartRequest { Id = id }, StartResponse.Parser);

    public Task AddExecAsync(string exec)
    {
        (string stdin, string stdout) = MakeFifos(exec);
        Any spec = new() { Value = ByteString.CopyFromUtf8("""{"args":["true"]}""") };
        ExecProcessRequest request = new() { Id = id, ExecId = exec, Stdin = stdin, Stdout = stdout, Spec = spec };
        return shim.CallAsync(TaskServices.Exec, request, Empty.Parser);
    }

    public async Task<uint> StartExecAsync(string exec) =>
        (await shim.CallAsync(TaskServices.Start, new StartRequest { Id = id, ExecId = exec }, StartResponse.Parser)).Pid;

    public Task<WaitResponse> WaitAsync(string exec = "") =>
        shim.CallAsync(TaskServices.Wait, new WaitRequest { Id = id, ExecId = exec }, WaitResponse.Parser);

    public Task<StateResponse> StateAsync(string exec = "") =>
        shim.CallAsync(TaskServices.State, new StateRequest { Id = id, ExecId = exec }, StateResponse.Parser);

    private (string Stdin, string Stdout) MakeFifos(string process)
    {
        string stdin = Path.Join(Bundle, $"{process}-stdin");
        string stdout = Path.Join(Bundle, $"{process}-stdout");
        Files.MakeFifo(stdin, 0b110_000_000);
        Files.MakeFifo(stdout, 0b110_000_000);
        Output = Files.Open(stdout, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        Input = Files.Open(stdin, OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        return (stdin, stdout);
    }
}
