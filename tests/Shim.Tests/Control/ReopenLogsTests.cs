using ShimStack.Api.Control;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Tests.Loop;
using ShimStack.Shim.Tests.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Tests.Control;

public class ReopenLogsTests
{
    [Theory]
    [InlineData("c1")]
    [InlineData("")]
    public void ARenamedLogIsBegunAnewUnderItsName(string id) => ShimInTest.Run(async shim =>
    {
        string path = Path.Join(shim.Directory.Path, "log");
        TaskInTest task = new(shim, "c1");
        await task.CreateWithOutputToAsync($"file://{path}");
        FileDescriptor stdout = shim.Runtime.Streams[(int)task.Pid].Stdout!;
        Files.Write(stdout, "old\n"u8);
        await LoopTest.UntilAsync(() => File.ReadAllText(path) == "old\n");
        File.Move(path, path + ".old");

        ReopenLogsResponse response = await ReopenAsync(shim, id);

        Assert.Equal([path], response.Paths);
        Files.Write(stdout, "new\n"u8);
        await LoopTest.UntilAsync(() => File.ReadAllText(path) == "new\n");
        Assert.Equal("old\n", File.ReadAllText(path + ".old"));
    });

    [Fact]
    public void ALogThatCannotBeReopenedGoesOnInItsOldFileAndTheCallSaysSo() => ShimInTest.Run(async shim =>
    {
        string folder = shim.Directory.Make("logs");
        TaskInTest task = new(shim, "c1");
        await task.CreateWithOutputToAsync($"file://{folder}/log");
        Directory.Move(folder, folder + ".old");

        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => ReopenAsync(shim, "c1"));

        Assert.Contains($"{folder}/log", failure.Message, StringComparison.Ordinal);
        Files.Write(shim.Runtime.Streams[(int)task.Pid].Stdout!, "kept\n"u8);
        await LoopTest.UntilAsync(() => File.ReadAllText(folder + ".old/log") == "kept\n");
    });

    [Fact]
    public void AContainerThatIsNotThereIsNotFound() => ShimInTest.Run(async shim =>
    {
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => ReopenAsync(shim, "c2"));
        Assert.Equal(RpcCode.NotFound, failure.Code);
    });

    private static Task<ReopenLogsResponse> ReopenAsync(ShimInTest shim, string id) =>
        shim.CallAsync(ControlServices.V1, ControlServices.ReopenLogs, new ReopenLogsRequest { Id = id }, ReopenLogsResponse.Parser);
}
