using System.Diagnostics;
using ShimStack.Bench.Phases;
using ShimStack.ShimDriver.Host;
using ShimStack.ShimDriver.Stdio;

namespace ShimStack.Bench.Tests;

/// <summary>The instruments, against what is known.</summary>
public class MeasuringTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheMeterCountsEveryByteOfALine()
    {
        string path = Fifo.Make(Path.Combine(Path.GetTempPath(), $"shimstack-meter-{Guid.NewGuid():N}"));
        try
        {
            Task<long[]> reader = Meter.RunAsync(["drain", path], Cancellation);
            await using (FileStream writer = new(path, FileMode.Open, FileAccess.Write))
            {
                int descriptor = (int)writer.SafeFileHandle.DangerousGetHandle();
                var lines = new QuietStart(Meter.Program, ["meter", "lines", "100", "0"]) { Output = descriptor };
                Assert.Equal(0, QuietProcess.Run(lines).Status);
            }

            Assert.Equal(8000, (await reader)[0]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void CpuTimeIsFinerThanATick()
    {
        var self = new RunningProcess(Environment.ProcessId);
        TimeSpan before = self.CpuTime;
        long began = Stopwatch.GetTimestamp();
        while (self.CpuTime == before)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
        }

        Assert.InRange(self.CpuTime - before, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task AProcessThatSleepsAgainAndAgainWakesUp()
    {
        using Process sleeper = Process.Start("/bin/sh", ["-c", "while :; do sleep 0.01; done"]);
        try
        {
            var running = new RunningProcess(sleeper.Id);
            long before = running.WakeUps;
            await Task.Delay(300, Cancellation);
            Assert.InRange(running.WakeUps - before, 3, 1000);
        }
        finally
        {
            sleeper.Kill();
        }
    }

    [Fact]
    public void AProgramGetsItsFolderItsVariablesAndItsStreams()
    {
        using var output = new DescriptorPair();
        var start = new QuietStart("/bin/sh", ["any name", "-c", "echo $0 $PWD $A$HOME; exit 3"])
        {
            Environment = new Dictionary<string, string> { ["A"] = "b" },
            WorkingDirectory = "/usr",
            Output = output.WriteEnd,
        };
        (int status, TimeSpan elapsed) = QuietProcess.Run(start);
        output.CloseWriteEnd();
        Assert.Equal(3 << 8, status);
        Assert.True(elapsed > TimeSpan.Zero);
        Assert.Equal("any name /usr b\n"u8, output.ReadToEnd());
    }
}
