using System.Text;
using System.Text.Json;
using ShimStack.SystemTests.Ctl;
using ShimStack.SystemTests.Daemons;
using ShimStack.SystemTests.Processes;

namespace ShimStack.SystemTests.Upgrade;

/// <summary>Another build of the shim under test, and `shimctl upgrade shims`, which puts it in the place of running ones, or the first one back.</summary>
internal sealed class ShimBuilds
{
    private readonly string _address;
    private readonly string _nameSpace;

    private ShimBuilds(string address, string nameSpace, string version, string other) =>
        (_address, _nameSpace, Version, OtherVersion, Second) = (address, nameSpace, version, version[..^1] + (version[^1] == '9' ? '8' : '9'), other);

    /// <summary>The version of the published build.</summary>
    public string Version { get; }

    public string OtherVersion { get; }

    /// <summary>The published build.</summary>
    public static string First => Path.Combine(RuntimeUnderTest.RepositoryRoot, "out/bin/containerd-shim-shimstack-v2");

    /// <summary>The same with the other version written into it.</summary>
    public string Second { get; }

    public static async Task<ShimBuilds> MakeAsync(string folder, string address, string nameSpace)
    {
        Assert.SkipWhen(RuntimeUnderTest.IsReference, "the reference shim cannot be upgraded in place");
        DaemonLine.RequireProgram(CtlStage.Program, "shimctl");
        string text = (await Command.RunAsync(First, ["-v"])).MustSucceed().Output;
        string version = text.Split("Version:")[1].Trim().Split('\n')[0];
        ShimBuilds builds = new(address, nameSpace, version, Path.Combine(folder, "second"));
        byte[] program = await File.ReadAllBytesAsync(First);
        Replace(program, Encoding.Unicode.GetBytes(version), Encoding.Unicode.GetBytes(builds.OtherVersion));
        ProgramFile.Write(builds.Second, program);
        return builds;
    }

    public static Task<ShimBuilds> MakeAsync(Stage stage) => MakeAsync(stage.Directory, stage.Daemon.Address, stage.Namespace);

    public Task<CommandResult> CallAsync(params string[] arguments) =>
        Command.RunAsync(CtlStage.Program, ["--address", _address, "--namespace", _nameSpace, "upgrade", "shims", .. arguments]);

    /// <summary>Upgrades the shims of containers, all if none is named, and returns what is told of each.</summary>
    public async Task<IReadOnlyList<JsonElement>> UpgradeAsync(string to, params string[] ids)
    {
        CommandResult result = (await CallAsync(["--json", "--to", to, .. ids.Length == 0 ? ["--all"] : ids])).MustSucceed();
        JsonElement[] outcomes = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.All(outcomes, outcome =>
        {
            Assert.Equal(to == Second ? OtherVersion : Version, outcome.GetProperty("to").GetString());
            Assert.Equal(to, ProcessTable.Executable(outcome.GetProperty("pid").GetInt32()));
        });
        return outcomes;
    }

    private static void Replace(Span<byte> program, byte[] from, byte[] to)
    {
        int count = 0;
        for (int found = program.IndexOf(from); found >= 0; found = program.IndexOf(from))
        {
            to.CopyTo(program[found..]);
            program = program[(found + to.Length)..];
            count++;
        }

        Assert.True(count > 0, "the published build does not hold its version");
    }
}
