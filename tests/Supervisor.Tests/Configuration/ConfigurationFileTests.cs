using Microsoft.Extensions.Logging;
using ShimStack.Supervisor.Configuration;

namespace ShimStack.Supervisor.Tests.Configuration;

public sealed class ConfigurationFileTests
{
    [Fact]
    public void AFileSetsWhatItNames()
    {
        SupervisorSettings settings = Parse(
            """
            address = "/run/x.sock" # a comment
            log-level = "debug"
            journal-length = 7
            group = ""

            [runtimes]
            "io.containerd.runc.v2" = "/usr/bin/a"
            io.containerd.other.v1 = "/usr/bin/b"
            """);
        Assert.Equal("/run/x.sock", settings.Address);
        Assert.Equal("/run/x.sock.ttrpc", settings.TtrpcAddress);
        Assert.Equal(LogLevel.Debug, settings.LogLevel);
        Assert.Equal(7, settings.JournalLength);
        Assert.Null(settings.Group);
        Assert.Equal("/var/lib/shimstack", settings.Root);
        Assert.Equal(new Dictionary<string, string> { ["io.containerd.runc.v2"] = "/usr/bin/a", ["io.containerd.other.v1"] = "/usr/bin/b" }, settings.Runtimes);
    }

    [Theory]
    [InlineData("adress = \"/x\"", "f:1: adress: is no setting; \"shimstackd config default\" shows those that there are")]
    [InlineData("\naddress = 7", "f:2: address: must be a text in quotes, not 7")]
    [InlineData("address = \"x.sock\"", "f:1: address: must be an absolute path, not \"x.sock\"")]
    [InlineData("root = true", "f:1: root: must be a text in quotes, not true")]
    [InlineData("journal-length = \"7\"", "f:1: journal-length: must be a number, not \"7\"")]
    [InlineData("journal-length = -1", "f:1: journal-length: must be a number from 0 to 100000000, not -1")]
    [InlineData("subscriber-queue = 99999999999", "f:1: subscriber-queue: must be a number from 1 to 1000000, not 99999999999")]
    [InlineData("log-level = \"loud\"", "f:1: log-level: must be trace, debug, info, warning, error or fatal, not \"loud\"")]
    [InlineData("metrics-address = \"127.0.0.1\"", "f:1: metrics-address: must be an absolute path or \"ADDRESS:PORT\", not \"127.0.0.1\"")]
    [InlineData("traces-endpoint = \"localhost:1\"", "f:1: traces-endpoint: must be \"http://ADDRESS:PORT\", not \"localhost:1\"")]
    [InlineData("[runtimes]\n\"a.b\" = \"c\"", "f:2: runtimes.a.b: must be an absolute path, not \"c\"")]
    [InlineData("runtimes = { a = \"/b\" }", "f:1: runtimes: is no setting; \"shimstackd config default\" shows those that there are")]
    [InlineData("[plugins]\na = 1", "f:1: plugins: is no table of the configuration; there is [runtimes]")]
    [InlineData("[[runtimes]]\na = 1", "f:1: runtimes: is no table of the configuration; there is [runtimes]")]
    public void AnErrorNamesFileLineKeyAndReason(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ConfigurationException>(() => Parse(text)).Message);

    [Theory]
    [InlineData("address = ", 1)]
    [InlineData("address = \"/a\"\naddress = \"/b\"", 2)]
    [InlineData("# fine\n\n[runtimes\n", 3)]
    public void WhatIsNoTomlIsRefusedWithItsLine(string text, int line) =>
        Assert.StartsWith($"f:{line}: ", Assert.Throws<ConfigurationException>(() => Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void APathThatIsTooLongForASocketIsRefusedWithItsLength()
    {
        string fits = "/" + new string('a', 100);
        Assert.Equal(fits, Parse($"address = \"{fits}\"").Address);
        Assert.Equal(
            $"f:1: address: is too long for a socket: \"{fits}b.ttrpc\" has 108 bytes, and at most 107 are possible",
            Assert.Throws<ConfigurationException>(() => Parse($"address = \"{fits}b\"")).Message);
    }

    [Fact]
    public void WhatIsShownReadsToTheSame()
    {
        SupervisorSettings settings = new()
        {
            Address = "/run/with \"quotes\" and \\.sock",
            Group = "docker",
            LogLevel = LogLevel.Warning,
            JournalLength = 5,
            MetricsAddress = "[::1]:9000",
            Runtimes = new Dictionary<string, string> { ["io.containerd.runc.v2"] = "/a b" },
        };
        SupervisorSettings again = Parse(ConfigurationText.Of(settings));
        Assert.Equal(settings.Runtimes, again.Runtimes);
        Assert.Equal(settings with { Runtimes = again.Runtimes }, again);
        SupervisorSettings initial = new();
        Assert.Equal(initial, Parse(ConfigurationText.Of(initial)) with { Runtimes = initial.Runtimes });
    }

    [Fact]
    public void AFlagBeatsTheFileAndTheFileBeatsTheDefault()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "journal-length = 3\nsubscriber-queue = 4");
            SupervisorSettings settings = SupervisorCommand.Read(path, [(SettingsTable.Find("subscriber-queue")!, "5")]);
            Assert.Equal((3, 5, "/run/shimstack"), (settings.JournalLength, settings.SubscriberQueue, settings.State));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void AFlagIsCheckedLikeTheFile()
    {
        Assert.Equal(
            "--root: must be an absolute path, not \"x\"",
            Assert.Throws<ConfigurationException>(() => SupervisorCommand.Read("/dev/null", [(SettingsTable.Find("root")!, "x")])).Message);
        Assert.Equal(
            "root and state must differ, and both are /run/shimstack",
            Assert.Throws<ConfigurationException>(() => SupervisorCommand.Read("/dev/null", [(SettingsTable.Find("root")!, "/run/shimstack")])).Message);
    }

    [Fact]
    public void ANamedFileThatIsNotThereIsAnError() =>
        Assert.StartsWith("/nowhere/x.toml: cannot be read: ", Assert.Throws<ConfigurationException>(() => SupervisorCommand.Read("/nowhere/x.toml", [])).Message, StringComparison.Ordinal);

    private static SupervisorSettings Parse(string text) => ConfigurationFile.Parse("f", text, new SupervisorSettings());
}
