using System.CommandLine;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Tests.Commands;

public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("run /r ls -l --rm", "run -- /r ls -l --rm")]
    [InlineData("run --rm -t --name n /r sh -c x", "run --rm -t --name n -- /r sh -c x")]
    [InlineData("run --name=n /r sh", "run --name=n -- /r sh")]
    [InlineData("run -e A=b --mount type=tmpfs,dst=/x /r env", "run -e A=b --mount type=tmpfs,dst=/x -- /r env")]
    [InlineData("run -- /r ls", "run -- /r ls")]
    [InlineData("run --rm", "run --rm")]
    [InlineData("--namespace n --json exec --address /a c1 ps -ef", "--namespace n --json exec --address /a -- c1 ps -ef")]
    [InlineData("rm --force c1 -f", "rm --force c1 -f")]
    [InlineData("", "")]
    public void WhatFollowsTheFirstWordBelongsToTheProgram(string typed, string parsed) =>
        Assert.Equal(Words(parsed), CommandWords.Separate(CtlCommand.Create(), Words(typed)));

    [Fact]
    public void TheProgramGetsItsOptionsAndWeGetOurs()
    {
        RootCommand root = CtlCommand.Create();
        ParseResult result = root.Parse(CommandWords.Separate(root, Words("run --rm /r sh -c --rm -t")));
        Assert.Empty(result.Errors);
        Assert.Equal(["sh", "-c", "--rm", "-t"], result.GetValue<string[]>("command")!);
        Assert.Equal("/r", result.GetValue<string>("folder"));
        Assert.True(result.GetValue<bool>("--rm"));
        Assert.False(result.GetValue<bool>("--tty"));
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
