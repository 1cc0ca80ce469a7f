using CsCheck;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Stdio.Spooling;

namespace ShimStack.Shim.Tests.Stdio.Spooling;

public sealed class SpoolFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void IsAQueueOfBoundedSizeWhateverIsPutInAndTakenOut() =>
        Gen.Select(Gen.Int[1, 40], Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30]).Array[0, 30]).Sample(
            (capacity, steps) =>
            {
                using SpoolFile spool = Open(capacity); // samples run side by side, each with files of its own
                Queue<byte> model = new();
                byte next = 0;
                foreach ((int put, int take) in steps)
                {
                    byte[] bytes = [.. Enumerable.Range(0, put).Select(_ => next++)];
                    int taken = spool.Append(bytes);
                    Assert.Equal(Math.Min(put, capacity - model.Count), taken);
                    foreach (byte one in bytes[..taken])
                    {
                        model.Enqueue(one);
                    }

                    next -= (byte)(put - taken);
                    Take(spool, model, take);
                    Assert.Equal((model.Count, capacity - model.Count), (spool.Count, spool.Room));
                }
            },
            iter: 300);

    private static void Take(SpoolFile spool, Queue<byte> model, int count)
    {
        byte[] buffer = new byte[7];
        while (count > 0 && spool.Count > 0)
        {
            int seen = spool.Peek(buffer.AsSpan(0, Math.Min(count, buffer.Length)));
            spool.Drop(seen);
            count -= seen;
            for (int i = 0; i < seen; i++)
            {
                Assert.Equal(model.Dequeue(), buffer[i]);
            }
        }
    }

    private SpoolFile Open(long capacity)
    {
        FileDescriptor File(string name) => Files.Open(_directory[$"{name}-{Guid.NewGuid():N}"], OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0b110_000_000);
        return new SpoolFile(File("spool"), File("place"), capacity);
    }
}
