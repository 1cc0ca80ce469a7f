using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Restart;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tests.Restart;

public sealed class RestartLabelsTests
{
    // Policy, status, explicitly-stopped, and what follows.
    private static readonly (string? Policy, string? Status, string? Stopped, string? Wish)[] Table =
    [
        (null, null, null, null),
        (null, "running", null, "always"),
        (null, "created", null, null),
        (null, "stopped", null, null),
        ("no", "running", null, null),
        ("always", null, null, "always"),
        ("always", "running", "false", "always"),
        ("always", "running", "true", "always, stopped"),
        ("always", "stopped", null, null),
        ("on-failure:2", "created", "1", "on-failure:2, stopped"),
        ("unless-stopped", "running", "0", "unless-stopped"),
    ];

    [Fact]
    public void EachSetOfLabelsHasItsMeaning() => Assert.All(Table, row =>
    {
        Container container = Labelled((RestartLabels.Policy, row.Policy), (RestartLabels.Status, row.Status), (RestartLabels.Stopped, row.Stopped));
        RestartLabels.Require("create", container.Labels);
        RestartWish? wish = RestartLabels.Of(container);
        Assert.Equal(row.Wish, wish is null ? null : wish.Policy + (wish.IsStopped ? ", stopped" : ""));
    });

    [Theory]
    [InlineData("policy", "sometimes", "restart policy: no, on-failure[:N], always or unless-stopped")]
    [InlineData("status", "up", "status of a task: running, created, stopped, paused, pausing, unknown")]
    [InlineData("explicitly-stopped", "yes", "truth value: true or false")]
    [InlineData("count", "-1", "number of restarts")]
    [InlineData("loguri", "/var/log/x", "URI: such as file:///var/log/x.log or binary:///usr/bin/logger")]
    [InlineData("logpath", "x.log", "absolute path")]
    public void WhatCannotBeObeyedIsRefused(string label, string value, string expected)
    {
        Container container = Labelled(($"containerd.io/restart.{label}", value));
        RpcException refused = Assert.Throws<RpcException>(() => RestartLabels.Require("update", container.Labels));
        Assert.Equal(
            (RpcCode.InvalidArgument, $"update failed validation: label containerd.io/restart.{label}: \"{value}\" is no {expected}: invalid argument"),
            (refused.Code, refused.Message));
    }

    [Fact]
    public void ALabelWithoutAValueIsNone() => RestartLabels.Require("update", Labelled((RestartLabels.Policy, "")).Labels);

    [Fact]
    public void LaterRunsWriteToTheLogThatIsNamed()
    {
        Assert.Equal("binary:///logger?a=b", Wish((RestartLabels.LogUri, "binary:///logger?a=b"), (RestartLabels.LogPath, "/old")).Log);
        Assert.Equal("file:///var/log/a%20b", Wish((RestartLabels.LogPath, "/var/log/a b")).Log);
        Assert.Null(Wish().Log);
    }

    [Fact]
    public void OfTheFirstRunOnlyFifosAreReplaced()
    {
        byte[] recorded = Recorded("/in", "/out", "/err");
        Assert.Equal(("", "file:///x", "file:///x"), StreamsOf(recorded, (RestartLabels.LogUri, "file:///x")));
        Assert.Equal(("", "", ""), StreamsOf(recorded));
        Assert.Equal(("", "file:///y", ""), StreamsOf(Recorded("", "file:///y", ""), (RestartLabels.LogUri, "file:///x")));
    }

    private static (string In, string Out, string Error) StreamsOf(byte[] recorded, params (string, string?)[] labels)
    {
        CreateTaskRequest request = RestartStreams.Request(recorded, Wish(labels));
        return (request.Stdin, request.Stdout, request.Stderr);
    }

    private static byte[] Recorded(string input, string output, string error) =>
        Google.Protobuf.MessageExtensions.ToByteArray(new CreateTaskRequest { Stdin = input, Stdout = output, Stderr = error });

    private static RestartWish Wish(params (string, string?)[] labels) => RestartLabels.Of(Labelled([(RestartLabels.Policy, "always"), .. labels]))!;

    private static Container Labelled(params (string Key, string? Value)[] labels)
    {
        Container container = new() { Id = "c" };
        foreach ((string key, string? value) in labels)
        {
            if (value is not null)
            {
                container.Labels[key] = value;
            }
        }

        return container;
    }
}
