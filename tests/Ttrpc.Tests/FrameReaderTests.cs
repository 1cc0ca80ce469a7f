using CsCheck;

namespace ShimStack.Ttrpc.Tests;

public sealed class FrameReaderTests
{
    private const int Limit = 3000;
    private const int Budget = 300;
    private const int ReadAhead = 16 * 1024;

    /// <summary>Frames of any type, some longer than the limit and some longer than the idle buffer.</summary>
    private static readonly Gen<byte[]> AnyFrame =
        from type in Gen.Byte
        from flags in Gen.Byte
        from id in Gen.UInt[1, uint.MaxValue]
        from length in Gen.OneOf(Gen.Int[0, 40], Gen.Int[900, 1200], Gen.Int[Limit - 5, Limit + 5], Gen.Int[Limit, 3 * Limit])
        from seed in Gen.Byte
        select Frame.Encode(id, (FrameType)type, (FrameFlags)flags, Filled(length, seed));

    private static readonly Gen<byte[]> Frames = AnyFrame.Array[0, 8].Select(frames => frames.SelectMany(frame => frame).ToArray());

    [Fact]
    public void FramesComeOutAsTheyWentInHoweverTheBytesAreSplit() =>
        Gen.Select(Frames, Gen.Int[1, 2000].Array[1, 20]).Sample((bytes, pieces) =>
        {
            List<string> whole = ReadAll(new FrameReader(new ChunkStream(bytes), Limit));
            Assert.Equal(Cut(bytes), whole);
            Assert.Equal(whole, ReadAll(new FrameReader(new ChunkStream(bytes, pieces), Limit)));
            Assert.Equal(whole, ReadAll(new FrameReader(new ChunkStream(bytes, pieces), Limit, readAhead: ReadAhead)));
        }, iter: Budget);

    [Fact]
    public void PuttingDownAfterAnyReadAndGoingOnElsewhereLosesNothing() =>
        Gen.Select(Frames, Gen.Int[1, 700].Array[1, 20]).Sample((bytes, pieces) =>
        {
            List<string> found = [];
            byte[] halfRead = [];
            int position = 0;
            for (int i = 0; position < bytes.Length; i++)
            {
                int length = Math.Min(pieces[i % pieces.Length], bytes.Length - position);
                FrameReader reader = new(new ChunkStream(bytes.AsMemory(position, length)), Limit, halfRead);
                found.AddRange(ReadAll(reader));
                halfRead = reader.PutDown();
                position += length;
            }
            Assert.Equal(Cut(bytes), found.Where(frame => !frame.StartsWith("0/0/", StringComparison.Ordinal)));
            Assert.Empty(halfRead);
        }, iter: Budget);

    [Fact]
    public void GarbageIsFramesOrAnEndButNeverAnException() =>
        Gen.Byte.Array[0, 500].Sample(bytes => Assert.Equal(Cut(bytes), ReadAll(new FrameReader(new ChunkStream(bytes, 7), Limit))), iter: Budget);

    [Fact]
    public async Task AFrameThatWasNotConsumedIsPutDownToo()
    {
        byte[] bytes = Frame.Encode(1, FrameType.Data, FrameFlags.None, Filled(50, 1));
        FrameReader reader = new(new ChunkStream(bytes), Limit);
        Assert.True(await reader.ReadAsync(CancellationToken.None).WithTimeout());
        Assert.Equal(bytes, reader.PutDown());
    }

    [Fact]
    public async Task TheBufferGrowsForABigFrameAndIsGivenBackAfterIt()
    {
        FrameReader reader = new(new ChunkStream(Frame.Encode(1, FrameType.Request, FrameFlags.None, new byte[1_000_000])), 1_000_000);
        Assert.Equal(FrameReader.IdleBufferLength, reader.BufferLength);
        Assert.True(await reader.ReadAsync(CancellationToken.None).WithTimeout());
        Assert.True(reader.BufferLength >= 1_000_000);
        reader.Consume();
        Assert.Equal(FrameReader.IdleBufferLength, reader.BufferLength);
    }

    [Fact]
    public async Task AHeaderThatOnlyClaimsALengthCostsNothing()
    {
        byte[] header = Frame.Encode(1, FrameType.Request, FrameFlags.None, new byte[4_000_000])[..2000];
        FrameReader reader = new(new ChunkStream(header), TtrpcServerOptions.DefaultMaxMessageLength);
        Assert.False(await reader.ReadAsync(CancellationToken.None).WithTimeout());
        Assert.True(reader.BufferLength <= 16 * 1024, $"the buffer holds {reader.BufferLength} bytes for 2000");
    }

    [Fact]
    public async Task TheBufferIsGivenBackAfterAPayloadThatWasThrownAway()
    {
        byte[] bytes = [.. Frame.Encode(1, FrameType.Request, FrameFlags.None, new byte[500_000]), .. Frame.Encode(3, FrameType.Request, FrameFlags.None, [7])];
        FrameReader reader = new(new ChunkStream(bytes), Limit);
        Assert.True(await reader.ReadAsync(CancellationToken.None).WithTimeout());
        Assert.True(reader.Frame.IsOversized);
        reader.Consume();
        Assert.True(await reader.ReadAsync(CancellationToken.None).WithTimeout());
        Assert.Equal(3u, reader.Frame.Header.StreamId);
        Assert.Equal(FrameReader.IdleBufferLength, reader.BufferLength);
    }

    [Fact]
    public async Task WhoSendsMuchIsReadInFewReadsAndWhoSendsLittleAgainHoldsLittle()
    {
        const int Count = 200;
        byte[] one = Frame.Encode(1, FrameType.Request, FrameFlags.None, new byte[240]);
        byte[] many = [.. Enumerable.Repeat(one, Count).SelectMany(frame => frame)];
        ChunkStream few = new(many), most = new(many);
        FrameReader ahead = new(few, Limit, readAhead: ReadAhead);
        Assert.Equal(Count, ReadAll(ahead).Count);
        Assert.Equal(Count, ReadAll(new FrameReader(most, Limit)).Count);
        Assert.InRange(few.Reads, 2, (many.Length / ReadAhead) + 4);
        Assert.True(most.Reads > many.Length / FrameReader.IdleBufferLength, $"{most.Reads} reads");

        FrameReader later = new(new ChunkStream((byte[])[.. many, .. one], many.Length, many.Length, many.Length, many.Length, one.Length), Limit, readAhead: ReadAhead);
        int held = 0;
        for (int i = 0; i < Count + 1; i++)
        {
            Assert.True(await later.ReadAsync(CancellationToken.None).WithTimeout());
            later.Consume();
            held = Math.Max(held, later.BufferLength);
        }

        Assert.Equal(ReadAhead, held);
        Assert.Equal(FrameReader.IdleBufferLength, later.BufferLength);
    }

    [Fact]
    public async Task ABigFrameIsNotHeldByWhoMayReadAhead()
    {
        FrameReader reader = new(new ChunkStream(Frame.Encode(1, FrameType.Request, FrameFlags.None, new byte[1_000_000])), 1_000_000, readAhead: ReadAhead);
        Assert.True(await reader.ReadAsync(CancellationToken.None).WithTimeout());
        reader.Consume();
        Assert.Equal(FrameReader.IdleBufferLength, reader.BufferLength);
    }

    private static byte[] Filled(int length, byte seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static List<string> ReadAll(FrameReader reader)
    {
        List<string> found = [];
        while (Completed(reader.ReadAsync(CancellationToken.None)))
        {
            found.Add(Describe(reader.Frame.Header, reader.Frame.IsOversized ? [] : reader.Frame.Payload.Span));
            reader.Consume();
        }
        return found;
    }

    private static bool Completed(ValueTask<bool> read)
    {
        Assert.True(read.IsCompleted);
        return read.Result;
    }

    /// <summary>What a reader should find, the simple way.</summary>
    private static List<string> Cut(byte[] bytes)
    {
        List<string> frames = [];
        long position = 0;
        while (bytes.Length - position >= FrameHeader.Size)
        {
            FrameHeader header = FrameHeader.Read(bytes.AsSpan((int)position));
            bool isWhole = bytes.Length - position - FrameHeader.Size >= header.Length;
            if (header.Length > Limit)
            {
                frames.Add(Describe(header, []));
            }
            else if (isWhole)
            {
                frames.Add(Describe(header, bytes.AsSpan((int)position + FrameHeader.Size, (int)header.Length)));
            }
            position += isWhole ? FrameHeader.Size + header.Length : bytes.Length;
        }
        return frames;
    }

    private static string Describe(FrameHeader header, ReadOnlySpan<byte> payload) =>
        $"{header.StreamId}/{(byte)header.Type}/{(byte)header.Flags}/{header.Length}/{Convert.ToHexString(payload)}";
}
