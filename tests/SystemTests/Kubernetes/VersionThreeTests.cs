using Grpc.Core;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>
/// Pods over version 3 of the Task service, which daemons from 2.3 on agree on with our shim: containers of a pod get no `start` and no
/// `delete` of their own, and Shutdown comes once. The newest daemon of Debian knows the version and is older, so a script says in its
/// language what our helper says to later ones.
/// </summary>
public sealed class VersionThreeTests
{
    private const string Column = "cri-" + DaemonLine.Newest;
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Fact]
    public Task APodLivesWithoutHelpers() => RunAsync(async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer first = await pod.StartAsync("first", Sleep);
        PodContainer second = await pod.StartAsync("second", ["/bin/sh", "-c", "exit 7"]);
        Assert.Equal(7, (await second.ExitedAsync()).ExitCode);
        PodContainer failing = await pod.CreateAsync("failing", ["/bin/absent"]);
        await Assert.ThrowsAsync<RpcException>(failing.StartAsync);
        // Nobody but the shim itself could clean this up.
        Assert.Equal(["p1", "first"], Remaining(kubelet, pod, first));
        await kubelet.KillDaemonAsync();
        await kubelet.StartDaemonAsync();
        Assert.Equal("in\n", (await first.ExecAsync(["/bin/echo", "in"])).Stdout.ToStringUtf8());
        Assert.Single(kubelet.Stage.Shims());
        await pod.EndAsync();
        await Until.TrueAsync(() => kubelet.Stage.Shims().Count == 0, "the shim ends with the pod");
    });

    /// <summary>The daemon asks for the end after the pod's own container, which goes first here, and then never again.</summary>
    [Fact]
    public Task TheShimEndsAfterContainersThatOutlivedThePodsOwn() => RunAsync(async kubelet =>
    {
        Pod pod = await Pod.RunAsync(kubelet, "p1");
        PodContainer container = await pod.StartAsync("c1", Sleep);
        await pod.KillAsync();
        await pod.UntilNotReadyAsync();
        Assert.Equal("in\n", (await container.ExecAsync(["/bin/echo", "in"])).Stdout.ToStringUtf8());
        await pod.EndAsync();
        await Until.TrueAsync(() => kubelet.Stage.Shims().Count == 0, "the shim ends with its last container");
    });

    [Fact]
    public Task NothingIsLeftOfAPodWhoseShimWasKilled() => RunAsync(PodShimKilledTests.KillAndRemoveAsync);

    private static string[] Remaining(Kubelet kubelet, Pod pod, PodContainer first) =>
        [.. Directory.GetDirectories(Path.Combine(kubelet.Stage.Directory, "runc/k8s.io")).Select(Path.GetFileName)
            .Select(id => id == pod.Id ? "p1" : id == first.Id ? "first" : id!).OrderDescending()];

    private static async Task RunAsync(Func<Kubelet, Task> test)
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference shim speaks this version by itself, and leaves things behind");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("shimstack-v3-");
        try
        {
            string script = Path.Combine(folder.FullName, Path.GetFileName(RuntimeUnderTest.Binary(DaemonLine.Newest)));
            ProgramFile.Write(script, Script(RuntimeUnderTest.Binary(DaemonLine.Newest)));
            await Kubelet.RunAsync(Column, test, firstInPath: folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Script(string shim) =>
        $$"""
        #!/bin/sh
        case " $* " in
        *" start ") address=$('{{shim}}' "$@") && printf '{"version":3,"address":"%s","protocol":"ttrpc"}' "$address" ;;
        *) exec '{{shim}}' "$@" ;;
        esac
        """;
}
