using System.Diagnostics;
using ShimStack.Drill.Running;

namespace ShimStack.Drill.Tests.Work;

/// <summary>The program that the drill carries with it, by itself: it needs no library, so it runs anywhere.</summary>
public sealed class WorkerProgramTests
{
    [Fact]
    public async Task ItIsAStaticProgramThatRefusesWhatItDoesNotUnderstand()
    {
        string folder = Directory.CreateTempSubdirectory("drill-test-").FullName;
        try
        {
            WorkerProgram.Install(folder);
            using Process worker = Process.Start(Path.Combine(folder, "worker"), ["only", "few"]);
            await worker.WaitForExitAsync(TestContext.Current.CancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            Assert.Equal(2, worker.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
