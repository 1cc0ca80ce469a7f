using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Docker;
using ShimStack.SystemTests.Kubernetes;
using ShimStack.SystemTests.Processes;
using ShimStack.SystemTests.Soak.Plan;

namespace ShimStack.SystemTests.Stdio;

/// <summary>
/// A container writes 8 MiB while whoever reads its output is away: a client, dockerd, a daemon with pods. It does not block, and not a byte is
/// missing when the reader is back. Containers end only when everything is read: dockerd 20.10, ctr and CRI of containerd 1.6 close their own ends
/// as soon as they learn of an exit, and delete the task.
/// </summary>
public sealed class AwayReaderTests
{
    private const int Lines = 131_072;
    private const string ReferenceBlocks = "the reference shim blocks a container whose output nobody reads";

    [Feature("container writes on while nobody reads its output (8 MiB)")]
    [Theory, MemberData(nameof(DaemonLine.All), MemberType = typeof(DaemonLine))]
    public Task AClientThatComesBackMissesNothing(string line) => WritingContainer.RunAsync(line, async writer =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, ReferenceBlocks);
        await writer.Output.TurnAsync(Reader.Away);
        writer.Worker.Tell('w', Lines);
        await writer.HasWrittenAsync(Lines);
        await writer.Stage.Daemon.KillAsync();
        await writer.Stage.Daemon.StartAsync();
        writer.Worker.Tell('w', 1);
        writer.Worker.Tell('e', 5);
        Assert.Equal(5u, await writer.Container.WaitAsync());
        await writer.Output.TurnAsync(Reader.Reads);
        await Until.TrueAsync(() => writer.Output.HasEnded, "the end of the output");
        Assert.Null(writer.Output.Fault);
        Assert.Equal(writer.Worker.Written, writer.Output.Position);
        await writer.Container.DeleteAsync();
    });

    // ctr makes the FIFOs and reads them; attach is the next reader.
    [Fact]
    public Task WhatCtrWasKilledBeforeItCouldReadComesToTheNextOne() => Stage.RunAsync(DaemonLine.Newest, async stage =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, ReferenceBlocks);
        string[] command = ["/bin/sh", "-c", GatedOutput.Script];
        using (System.Diagnostics.Process ctr = Command.Start(stage.Ctr.Program, stage.Ctr.Connected(stage.Ctr.RunArguments("c1", command, []))))
        {
            await Until.TrueAsync(() => GatedOutput.IsReady(stage.Rootfs), "the container runs");
            ctr.Kill();
            await ctr.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await GatedOutput.WriteAsync(stage.Rootfs);
        using (System.Diagnostics.Process attach = Command.Start(stage.Ctr.Program, stage.Ctr.Connected(["tasks", "attach", "c1"])))
        {
            char[] output = new char[GatedOutput.Length];
            Assert.Equal(output.Length, await attach.StandardOutput.ReadBlockAsync(output, TestContext.Current.CancellationToken));
            GatedOutput.End(stage.Rootfs);
            GatedOutput.AssertWhole(new string(output) + await attach.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
            await attach.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(GatedOutput.Code, attach.ExitCode);
        }

        await stage.Ctr.RunAsync("tasks", "delete", "c1"); // its exit code is the container's, and attach may have deleted it
        (await stage.Ctr.RunAsync("containers", "delete", "c1")).MustSucceed();
    });

    [Feature("docker: output written while dockerd is killed (8 MiB)")]
    [Theory, MemberData(nameof(DockerLine.All), MemberType = typeof(DockerLine))]
    public Task DockerLogsAreWholeAfterDockerdWasKilled(string line) => DockerStage.RunAsync(line, async docker =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, ReferenceBlocks);
        await docker.StartContainerAsync("c1", [], "sh", "-c", GatedOutput.Script);
        string root = $"/proc/{await docker.InspectAsync("c1", ".State.Pid")}/root";
        await Until.TrueAsync(() => GatedOutput.IsReady(root), "the container runs");
        await docker.Daemon.KillAsync();
        await GatedOutput.WriteAsync(root);
        await docker.Daemon.StartAsync();
        await Until.TrueAsync(() => docker.MustAsync("logs", "--tail", "1", "c1").Result == GatedOutput.LastLine, "the last line");
        GatedOutput.End(root);
        await docker.UntilAsync("c1", ".State.Status", "exited");
        Assert.Equal($"{GatedOutput.Code}", await docker.InspectAsync("c1", ".State.ExitCode"));
        GatedOutput.AssertWhole((await docker.CallAsync("logs", "c1")).Output);
    });

    [Feature("output of a pod's container written while the daemon is killed (8 MiB)")]
    [Theory, MemberData(nameof(CriLine.All), MemberType = typeof(CriLine))]
    public Task APodsLogIsWholeAfterTheDaemonWasKilled(string column) => Kubelet.RunAsync(column, async kubelet =>
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, ReferenceBlocks);
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", ["/bin/sh", "-c", GatedOutput.Script]);
        string root = $"/proc/{await container.PidAsync()}/root";
        await Until.TrueAsync(() => GatedOutput.IsReady(root), "the container runs");
        await kubelet.KillDaemonAsync();
        await GatedOutput.WriteAsync(root);
        await kubelet.StartDaemonAsync();
        await Until.TrueAsync(() => container.LogLines().Length >= GatedOutput.Lines, "the whole log");
        GatedOutput.End(root);
        Assert.Equal(GatedOutput.Code, (await container.ExitedAsync()).ExitCode);
        GatedOutput.AssertWhole(string.Join('\n', container.Words()) + "\n");
        await pod.EndAsync();
    });
}
