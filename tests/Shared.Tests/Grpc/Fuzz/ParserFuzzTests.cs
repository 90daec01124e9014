// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;
using Xunit.Abstractions;

namespace ClusterManager.Shared.Tests.Grpc.Fuzz;

/// <summary>
/// Every parser of the wire, fed with what no peer should send: it answers with a value or a status, never with another exception. An
/// input that fails once becomes a case of its own in <see cref="WireTests"/>.
/// </summary>
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private const int InShort = 60_000;
    private const int MaxMessageBytes = 1000;
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    [Fact]
    public void Timeouts_are_refused_or_understood() => Fuzz(inputs =>
    {
        if (!TimeoutCodec.TryDecode(inputs.Text(), out var timeout)) return;
        Assert.True(timeout >= TimeSpan.Zero);
        Assert.True(TimeoutCodec.TryDecode(TimeoutCodec.Encode(timeout), out var again) && again >= timeout);
    });

    [Fact]
    public void Status_headers_are_a_status() => Fuzz(inputs =>
    {
        var text = inputs.Text();
        var status = StatusMapping.FromStatusHeader(text);
        Assert.True(Enum.IsDefined(status));
        Assert.True(status == StatusCode.Unknown || text == ((int)status).ToString(), $"'{text}' became {status}");
        Assert.True(Enum.IsDefined(StatusMapping.FromHttpStatus(inputs.Next(1000))));
        Assert.True(Enum.IsDefined(StatusMapping.FromResetCode(inputs.Next(int.MaxValue))));
    });

    [Fact]
    public void Status_messages_are_shown_whatever_they_are() => Fuzz(inputs =>
    {
        var decoded = StatusMessageCodec.Decode(inputs.Text());
        var encoded = StatusMessageCodec.Encode(decoded);
        Assert.True(encoded.All(c => c is >= ' ' and <= '~'));
        Assert.Equal(encoded, StatusMessageCodec.Encode(StatusMessageCodec.Decode(encoded)));
    });

    [Fact]
    public void Metadata_is_taken_or_left_out() => Fuzz(inputs =>
    {
        var metadata = new Metadata();
        MetadataCodec.AddReceived(metadata, inputs.Text(), inputs.Text());
        foreach (var entry in metadata)
        {
            Assert.Equal(entry.Key.ToLowerInvariant(), entry.Key);
            Assert.True(MetadataCodec.EncodeValue(entry).All(c => c is >= ' ' and <= '~'));
        }
    });

    [Fact]
    public void Frames_are_messages_or_a_status()
    {
        // Gzip only sometimes: a compressed message costs a hundred times as much.
        Fuzz(inputs => ReadAllAsync(inputs, inputs.Chance(0.1)).GetAwaiter().GetResult());
    }

    private static async Task ReadAllAsync(FuzzInputs inputs, bool gzip)
    {
        var wire = inputs.Frames();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        foreach (var piece in inputs.Pieces(wire)) pipe.Writer.Write(piece.Span);
        await pipe.Writer.CompleteAsync();
        var reader = new MessageReader(pipe.Reader, MaxMessageBytes, gzip);
        var at = 0;
        try
        {
            while (await reader.ReadAsync(Bytes, CancellationToken.None) is { } message)
            {
                Assert.True(message.Length <= MaxMessageBytes);
                at += CheckPlain(wire.AsSpan(at), message);
            }

            Assert.Equal(wire.Length, at);
        }
        catch (RpcException error)
        {
            Assert.True(error.StatusCode is StatusCode.Internal or StatusCode.ResourceExhausted, error.Status.ToString());
        }
        finally
        {
            reader.Complete();
        }
    }

    /// <summary>A plain message must be what stands on the wire; returns the frame's length.</summary>
    private static int CheckPlain(ReadOnlySpan<byte> wire, byte[] message)
    {
        var length = (int)BinaryPrimitives.ReadUInt32BigEndian(wire[1..]);
        if (wire[0] == 0) Assert.True(wire.Slice(5, length).SequenceEqual(message), "The message is not what was sent.");
        return 5 + length;
    }

    private void Fuzz(Action<FuzzInputs> attempt)
    {
        var count = FuzzCount.PerParser(InShort);
        var first = FuzzCount.FirstSeed;
        output.WriteLine($"{count} inputs, seeds from {first}");
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                attempt(new FuzzInputs(seed));
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}: {error.Message}", error);
            }
        }
    }
}
