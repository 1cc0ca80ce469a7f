using System.Text.Json.Nodes;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Containers;

namespace ShimStack.Ctl.Tests.Containers;

public sealed class RunOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ctl-run-").FullName;

    [Theory]
    [InlineData("NET_ADMIN", "", true, true)]
    [InlineData("", "CHOWN", false, false)]
    [InlineData("CAP_CHOWN", "all", true, false)]
    [InlineData("ALL", "NET_ADMIN", true, false)]
    public void CapabilitiesAreAddedAndDropped(string add, string drop, bool hasChown, bool hasNetAdmin)
    {
        JsonObject spec = SpecBuilder.Create(Settings() with { AddedCapabilities = Names(add), DroppedCapabilities = Names(drop) });
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            string[] names = [.. spec["process"]!["capabilities"]![set]!.AsArray().Select(name => name!.GetValue<string>())];
            Assert.Equal((hasChown, hasNetAdmin), (names.Contains("CAP_CHOWN"), names.Contains("CAP_NET_ADMIN")));
            Assert.Equal(names.Distinct(), names);
        }

        static string[] Names(string name) => name.Length == 0 ? [] : [Capabilities.Checked("--cap-add", name)];
    }

    [Fact]
    public void ItsHostnameAndItsRootAreAsAskedFor()
    {
        JsonObject spec = SpecBuilder.Create(Settings() with { Hostname = "web", IsReadOnly = true });
        Assert.Equal(("web", true), (spec["hostname"]!.GetValue<string>(), spec["root"]!["readonly"]!.GetValue<bool>()));
        Assert.Equal("a", SpecBuilder.Create(Settings())["hostname"]!.GetValue<string>());
    }

    [Fact]
    public void VariablesComeFromAFile()
    {
        string file = Path.Combine(_folder, "env");
        File.WriteAllText(file, "# one\nA=b c\n\nPATH\n");
        Assert.Equal(["A=b c", "PATH"], EnvironmentFile.Read(file));
        File.WriteAllText(file, "A=b\n=c\n");
        Assert.Equal($"--env-file {file}: line 2 has no name before its =", Assert.Throws<CtlException>(() => EnvironmentFile.Read(file)).Message);
        Assert.Throws<CtlException>(() => EnvironmentFile.Read("/no/such"));
    }

    [Fact]
    public void AVolumeIsAMount()
    {
        MountText mount = MountText.ParseVolume($"{_folder}:/there:ro");
        Assert.Equal((_folder, "/there", "rbind,ro"), (mount.Source, mount.Target, string.Join(',', mount.Options)));
        Assert.All((string[])["/a", "/no/such:/b", $"{_folder}:b", $"{_folder}:/b:what"], text => Assert.Throws<CtlException>(() => MountText.ParseVolume(text)));
    }

    [Theory, InlineData("a", true), InlineData("a-b.c_d9", true), InlineData("", false), InlineData("a/b", false), InlineData("-a", false), InlineData("a-", false), InlineData("a..b", false)]
    public void NamesAreCheckedBeforeADaemonSeesThem(string name, bool isOne) =>
        Assert.Equal(isOne, Record.Exception(() => Ctl.Containers.Names.Checked("--name", name)) is null);

    [Fact]
    public void WhatCannotBeIsRefused()
    {
        Assert.Throws<CtlException>(() => Capabilities.Checked("--cap-add", "FLY"));
        Assert.Throws<CtlException>(() => SpecBuilder.Create(Settings() with { Process = new ProcessSettings { Command = ["x"], Directory = "rel" } }));
        Assert.Throws<CtlException>(() => SpecBuilder.Create(Settings() with { Process = new ProcessSettings { Command = ["x"], Environment = ["=c"] } }));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private RunSettings Settings() => new() { Id = "a", Namespace = "ns", Folder = _folder, Process = new ProcessSettings { Command = ["x"] } };
}
