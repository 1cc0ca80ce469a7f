using System.CommandLine;
using ShimStack.Ctl.Commands;

namespace ShimStack.Ctl.Tests.Commands;

public sealed class UsageErrorsTests
{
    [Theory]
    [InlineData("run", "shimctl run needs a folder; see shimctl run --help")]
    [InlineData("kill", "shimctl kill needs a container; see shimctl kill --help")]
    [InlineData("stop -t x a", "-t x: not a number; see shimctl stop --help")]
    [InlineData("run --pids-limit x /r sh", "--pids-limit x: not a number; see shimctl run --help")]
    [InlineData("events --since x", "--since x: not a number; see shimctl events --help")]
    [InlineData("ps extra", "'extra' is one word too many; see shimctl ps --help")]
    [InlineData("--bogus", "there is no option --bogus; see shimctl --help")]
    [InlineData("run --bogus /r sh", "there is no option --bogus; see shimctl run --help")]
    [InlineData("exec --env=A=b --bogus=1 a sh", "there is no option --bogus=1; see shimctl exec --help")]
    [InlineData("--address a --address b ps", "--address is there twice; see shimctl ps --help")]
    [InlineData("ps --namespace", "--namespace needs a value; see shimctl ps --help")]
    [InlineData("run /r ls --bogus", null)]
    [InlineData("run -dt /r ls --bogus", null)]
    public void WhatIsWrongIsOneSentence(string line, string? sentence)
    {
        RootCommand root = CtlCommand.Create();
        string[] words = line.Split(' ');
        Assert.Equal(sentence, CommandWords.UnknownOption(root, words) ?? UsageErrors.Sentence(root.Parse(CommandWords.Separate(root, words))));
    }
}
