using System.Text.Json;
using ShimStack.SystemTests.Compatibility;
using ShimStack.SystemTests.Containers;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Tasks;

namespace ShimStack.SystemTests.Supervisor;

/// <summary>Builds that are not taken, and one that is taken and cannot serve: the running build serves on as if nothing had been.</summary>
public sealed class UpgradeRefusedTests
{
    private static readonly string[] Sleep = ["/bin/sleep", "1000"];

    [Theory, InlineData(DaemonLine.Own), Feature("upgrade of the daemon: what is no build of root's is refused with its reason")]
    public Task WhatIsNoBuildIsRefused(string line) => RunAsync(line, async (stage, builds) =>
    {
        string script = Make(stage, "script", "#!/bin/sh\necho \"shimstackd 9.9.9 can serve\"\n"u8.ToArray());
        byte[] other = await File.ReadAllBytesAsync("/bin/true");
        other[18] ^= 0xff; // e_machine, see elf(5)
        string everybodys = Copy(builds.Second, Path.Combine(stage.Directory, "everybodys"));
        File.SetUnixFileMode(everybodys, File.GetUnixFileMode(everybodys) | UnixFileMode.OtherWrite);
        string strangers = Copy(builds.Second, Path.Combine(stage.Directory, "strangers"));
        (await Command.RunAsync("chown", ["65534", strangers])).MustSucceed();
        string plain = Copy(builds.Second, Path.Combine(stage.Directory, "plain"));
        File.SetUnixFileMode(plain, UnixFileMode.UserRead);
        await RefusedAsync(builds, "/no/such/file", "cannot be read: open /no/such/file: No such file or directory (ENOENT)");
        await RefusedAsync(builds, stage.Directory, "is no regular file");
        await RefusedAsync(builds, plain, "is not executable");
        await RefusedAsync(builds, everybodys, "may be written by others (mode 702), and would run as ours");
        await RefusedAsync(builds, strangers, "belongs to the user 65534, and would run as ours");
        await RefusedAsync(builds, script, "is a script, and no build of shimstackd");
        await RefusedAsync(builds, Make(stage, "other", other), "is a program of another architecture");
        await RefusedAsync(builds, "/bin/true", "is no build of shimstackd that can be upgraded to: it does not know --check-state");
    });

    [Theory, InlineData(DaemonLine.Own), Feature("upgrade of the daemon: a build that says no, or does not say, is refused")]
    public Task WhatCannotServeIsRefused(string line) => RunAsync(line, async (stage, builds) =>
    {
        string settings = Path.Combine(stage.Directory, "shimstackd.toml");
        string text = await File.ReadAllTextAsync(settings);
        await File.WriteAllTextAsync(settings, "nonsense = 1\n" + text);
        await RefusedAsync(builds, builds.Second, $"cannot serve: {settings}:1: nonsense: is no setting");
        await File.WriteAllTextAsync(settings, text.Replace("/root\"", "/elsewhere\"", StringComparison.Ordinal));
        await RefusedAsync(builds, builds.Second, $"would serve with root {stage.Directory}/elsewhere, and an upgrade cannot change it from {stage.Directory}/root: start shimstackd anew");
        File.Delete(settings);
        Fifo.Make(settings);
        await RefusedAsync(builds, builds.Second, "has not said within 10 s whether it can serve");
        Assert.DoesNotContain(stage.Guard.Processes(), process => process.Contains("--check-state", StringComparison.Ordinal));
        File.Delete(settings);
        await File.WriteAllTextAsync(settings, text);
        await builds.UpgradeAsync(builds.Second);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("upgrade of the daemon: a build that fails at its start is rolled back, and the reason told")]
    public Task ABuildThatFailsIsRolledBack(string line) => RunAsync(line, async (stage, builds) =>
    {
        using System.Net.Sockets.TcpListener taken = new(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        string settings = Path.Combine(stage.Directory, "shimstackd.toml");
        string text = await File.ReadAllTextAsync(settings);
        await File.WriteAllTextAsync(settings, $"metrics-address = \"{taken.LocalEndpoint}\"\n{text}");
        await RolledBackAsync(stage, builds, "address already in use");
        await File.WriteAllTextAsync(settings, text);
        await builds.UpgradeAsync(builds.Second);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("upgrade of the daemon: a build that hangs at its start is rolled back in time, also when its predecessor's file is gone")]
    public Task ABuildThatHangsIsRolledBack(string line) => RunAsync(line, async (stage, builds) =>
    {
        await builds.UpgradeAsync(builds.First);
        File.Delete(builds.First);
        string bundle = Path.Combine(stage.Daemon.State, "io.containerd.runtime.v2.task", stage.Namespace, "hangs");
        Directory.CreateDirectory(bundle);
        string file = Path.Combine(bundle, "shim-binary-path");
        Fifo.Make(file);
        Task<CommandResult> call = builds.CallAsync("--json", "--timeout", "2", "--to", builds.Second);
        await Until.TrueAsync(() => ProcessTable.Executable(stage.Daemon.Pid) == builds.Second && WaitsInOpen(stage.Daemon.Pid), "the other build hangs");
        Directory.Delete(bundle, recursive: true); // what has it open hangs on
        CommandResult result = await call;
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("it did not serve within 2 s", result.Error, StringComparison.Ordinal);
        Assert.Equal($"{builds.First} (deleted)", ProcessTable.Executable(stage.Daemon.Pid));
        await builds.UpgradeAsync(builds.Second);
    });

    [Theory, InlineData(DaemonLine.Own), Feature("upgrade of the daemon: two at once, the second is refused")]
    public Task OnlyOneAtATime(string line) => RunAsync(line, async (stage, builds) =>
    {
        CommandResult[] both = await Task.WhenAll(builds.CallAsync("--to", builds.Second), builds.CallAsync("--to", builds.Second));
        CommandResult[] refused = [.. both.Where(result => result.ExitCode != 0)];
        Assert.InRange(refused.Length, 0, 1); // none: one came after the other
        Assert.All(refused, result => Assert.Equal("shimctl: another upgrade is on its way: ask again when it is over\n", result.Error));
        Assert.Equal(builds.Second, ProcessTable.Executable(stage.Daemon.Pid));
    });

    [Theory, InlineData(DaemonLine.Newest), Feature("shimctl upgrade daemon: a containerd says that it cannot")]
    public Task AContainerdIsLeftAlone(string line) => Stage.RunAsync(line, async stage =>
    {
        CommandResult result = await Command.RunAsync(Ctl.CtlStage.Program, stage.Ctr.Connected(["upgrade", "daemon"]));
        Assert.Equal(
            (1, $"shimctl: the daemon at {stage.Daemon.Address} cannot be upgraded in place: it is a containerd, or a shimstackd that is too old; install the new version and restart it\n"),
            (result.ExitCode, result.Error));
    });

    private static async Task RolledBackAsync(Stage stage, UpgradeBuilds builds, string reason)
    {
        string running = ProcessTable.Executable(stage.Daemon.Pid);
        CommandResult result = await builds.CallAsync("--json", "--to", builds.Second);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(reason, result.Error, StringComparison.Ordinal);
        JsonElement outcome = JsonDocument.Parse(result.Output).RootElement;
        Assert.False(outcome.GetProperty("upgraded").GetBoolean());
        Assert.Equal((stage.Daemon.Pid, running), (outcome.GetProperty("pid").GetInt32(), ProcessTable.Executable(stage.Daemon.Pid)));
        Assert.Contains("could not serve, and", await File.ReadAllTextAsync(stage.Daemon.LogFile), StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(UpgradeBuilds builds, string path, string reason)
    {
        CommandResult result = await builds.CallAsync("--to", path);
        Assert.StartsWith($"shimctl: {path} {reason}", result.Error, StringComparison.Ordinal);
        Assert.Equal((1, "", 1), (result.ExitCode, result.Output, result.Error.Count(c => c == '\n')));
    }

    // With a container, and a call that must not notice anything of a refusal.
    private static Task RunAsync(string line, Func<Stage, UpgradeBuilds, Task> test) => Stage.RunAsync(line, async stage =>
    {
        UpgradeBuilds builds = await UpgradeBuilds.MakeAsync(stage);
        Container container = await Container.RunAsync(stage, "c1", Sleep);
        await test(stage, builds);
        Assert.Equal(Status.Running, (await container.StateAsync()).Status);
        await container.EndAsync();
    });

    // See proc_pid_syscall(5); 257 is openat.
    private static bool WaitsInOpen(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task").Any(task => File.ReadAllText($"{task}/syscall").StartsWith("257 ", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // A thread has ended meanwhile.
            return false;
        }
    }

    private static string Make(Stage stage, string name, byte[] content)
    {
        string path = Path.Combine(stage.Directory, name);
        ProgramFile.Write(path, content);
        return path;
    }

    private static string Copy(string from, string to)
    {
        ProgramFile.Copy(from, to);
        return to;
    }
}
