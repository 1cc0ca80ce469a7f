using System.Text.Json.Nodes;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Tests.Containers;

public sealed class SpecBuilderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shimstack-ctl-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ARootFileSystemGetsEverythingOfItsOwn()
    {
        JsonObject spec = SpecBuilder.Create(Settings("sh", "-c", "true"));
        Assert.Equal(_folder, Text(spec["root"]!["path"]));
        Assert.Equal(["sh", "-c", "true"], Texts(spec["process"]!["args"]));
        Assert.Equal("c1", Text(spec["hostname"]));
        Assert.Equal("/ns/c1", Text(spec["linux"]!["cgroupsPath"]));
        Assert.Equal(["ipc", "mount", "network", "pid", "uts"], spec["linux"]!["namespaces"]!.AsArray().Select(entry => Text(entry!["type"])).Order());
        Assert.DoesNotContain("CAP_SYS_ADMIN", Texts(spec["process"]!["capabilities"]!["bounding"]));
        Assert.True(spec["process"]!["noNewPrivileges"]!.GetValue<bool>());
    }

    [Fact]
    public void ABundleSaysWhatItSaysAndTheCommandLineHasTheLastWord()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "fs"));
        File.WriteAllText(Path.Combine(_folder, "config.json"), """
            { "ociVersion": "1.1.0", "hostname": "own", "root": { "path": "fs", "readonly": true }, "annotations": { "kept": "yes" },
              "process": { "args": ["a", "b"], "cwd": "/w", "env": ["X=1", "Y=2"] }, "linux": { "cgroupsPath": "/elsewhere" } }
            """);
        JsonObject spec = SpecBuilder.Create(Settings() with { Process = new ProcessSettings { Environment = ["X=3"] } });
        Assert.Equal(["a", "b"], Texts(spec["process"]!["args"]));
        Assert.Equal(["Y=2", "X=3"], Texts(spec["process"]!["env"]));
        Assert.Equal(("own", "/w", "/elsewhere", "yes"), (Text(spec["hostname"]), Text(spec["process"]!["cwd"]), Text(spec["linux"]!["cgroupsPath"]), Text(spec["annotations"]!["kept"])));
        Assert.Equal(Path.Combine(_folder, "fs"), Text(spec["root"]!["path"]));
        Assert.True(spec["root"]!["readonly"]!.GetValue<bool>());
    }

    [Fact]
    public void LimitsAndMountsAreWrittenDown()
    {
        MountText mount = new("tmpfs", "tmpfs", "/scratch", []);
        JsonObject spec = SpecBuilder.Create(Settings("sh") with { MemoryBytes = 1 << 20, Processors = 0.5, Pids = 7, Mounts = [mount], CgroupParent = "/up" });
        JsonNode resources = spec["linux"]!["resources"]!;
        Assert.Equal((1 << 20, 50_000, 7), (Number(resources["memory"]!["limit"]), Number(resources["cpu"]!["quota"]), Number(resources["pids"]!["limit"])));
        Assert.Equal("/scratch", Text(spec["mounts"]!.AsArray()[^1]!["destination"]));
        Assert.Equal("/up/c1", Text(spec["linux"]!["cgroupsPath"]));
    }

    [Fact]
    public void UsersAreLookedUpInTheContainerAndNotOutside()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "etc"));
        File.WriteAllText(Path.Combine(_folder, "etc/passwd"), "root:x:0:0::/:/bin/sh\nann:x:12:34::/:/bin/sh\n");
        File.CreateSymbolicLink(Path.Combine(_folder, "etc/group"), "/etc/elsewhere");
        Assert.Equal("""{"uid":12,"gid":34}""", UserLookup.Find("ann", _folder).ToJsonString());
        Assert.Equal("""{"uid":12,"gid":34}""", UserLookup.Find("12", _folder).ToJsonString());
        Assert.Equal("""{"uid":99,"gid":0}""", UserLookup.Find("99", _folder).ToJsonString());
        Assert.Equal("""{"uid":12,"gid":5}""", UserLookup.Find("ann:5", _folder).ToJsonString());
        Assert.Contains("user bob is in no etc/passwd", Assert.Throws<CtlException>(() => UserLookup.Find("bob", _folder)).Message, StringComparison.Ordinal);
        Assert.Contains("group staff is in no etc/group", Assert.Throws<CtlException>(() => UserLookup.Find("ann:staff", _folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeRunIsRefusedWithTheNextStep()
    {
        Assert.Contains("nothing to run", Fault(Settings()), StringComparison.Ordinal);
        Assert.Contains("is no folder", Fault(Settings("sh") with { Folder = "/no/such" }), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "config.json"), "{");
        Assert.Contains("config.json is no JSON", Fault(Settings("sh")), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "config.json"), "{}");
        Assert.Contains("is no OCI specification", Fault(Settings("sh")), StringComparison.Ordinal);
    }

    private static string Fault(RunSettings settings) => Assert.Throws<CtlException>(() => SpecBuilder.Create(settings)).Message;

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static long Number(JsonNode? node) => long.Parse(node!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Texts(JsonNode? node) => node!.AsArray().Select(Text);

    private RunSettings Settings(params string[] command) =>
        new() { Id = "c1", Namespace = "ns", Folder = _folder, Process = new ProcessSettings { Command = command } };
}
