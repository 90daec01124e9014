// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using FsCheck;
using FsCheck.Fluent;
using Grpc.Core;
using Grpc.Core.Wire;

namespace ClusterManager.Shared.Tests.Grpc;

/// <summary>The wire format, without a network.</summary>
public sealed class WireTests
{
    [Theory]
    [InlineData(0, "1m")]
    [InlineData(1, "1m")]
    [InlineData(TimeSpan.TicksPerMillisecond, "1m")]
    [InlineData(TimeSpan.TicksPerMillisecond + 1, "2m")]
    [InlineData(99_999_999L * TimeSpan.TicksPerMillisecond, "99999999m")]
    [InlineData(99_999_999L * TimeSpan.TicksPerMillisecond + 1, "100000S")]
    [InlineData(long.MaxValue, "99999999H")]
    public void Timeout_is_rounded_up_to_the_finest_unit_that_fits(long ticks, string expected) =>
        Assert.Equal(expected, TimeoutCodec.Encode(new TimeSpan(ticks)));

    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("6n", 1)]
    [InlineData("99999999H", 99_999_999L * 36_000_000_000)]
    public void Timeout_of_every_unit_is_understood(string value, long ticks)
    {
        Assert.True(TimeoutCodec.TryDecode(value, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("1")]
    [InlineData("1x")]
    [InlineData("-1m")]
    [InlineData("1.5S")]
    [InlineData("123456789m")]
    public void Malformed_timeout_is_refused(string value) => Assert.False(TimeoutCodec.TryDecode(value, out _));

    [Fact]
    public void Any_timeout_survives_and_never_shrinks() => Check.QuickThrowOnFailure(
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), ticks =>
        {
            var timeout = new TimeSpan(Math.Abs(ticks % (99_999_999 * TimeSpan.TicksPerHour)));
            return TimeoutCodec.TryDecode(TimeoutCodec.Encode(timeout), out var decoded) && decoded >= timeout;
        }));

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("100%", "100%25")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    [InlineData("ü☺", "%C3%BC%E2%98%BA")]
    public void Status_message_is_percent_encoded(string text, string expected)
    {
        Assert.Equal(expected, StatusMessageCodec.Encode(text));
        Assert.Equal(text, StatusMessageCodec.Decode(expected));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%G1", "%G1")]
    [InlineData("50%2", "50%2")]
    [InlineData("%41%zz", "A%zz")]
    public void Bad_escapes_of_a_status_message_are_shown_as_they_came(string value, string expected) =>
        Assert.Equal(expected, StatusMessageCodec.Decode(value));

    [Fact]
    public void Any_short_status_message_survives_the_wire() => Check.QuickThrowOnFailure(
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>().Filter(text => IsWellFormed(text.Get)), text =>
        {
            var encoded = StatusMessageCodec.Encode(text.Get);
            return encoded.All(c => c is >= ' ' and <= '~') && StatusMessageCodec.Decode(encoded) == text.Get;
        }));

    [Fact]
    public void Status_message_is_cut_before_it_outgrows_the_header_limits()
    {
        var encoded = StatusMessageCodec.Encode(new string('☺', 100_000));

        Assert.InRange(encoded.Length, 8000, 8192);
        Assert.Matches("^☺+$", StatusMessageCodec.Decode(encoded));
    }

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("application/grpc; charset=utf-8", true)]
    [InlineData("Application/GRPC+json", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void Content_type_of_grpc_is_recognized(string? contentType, bool expected) =>
        Assert.Equal(expected, GrpcNames.IsGrpcContentType(contentType));

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(200, StatusCode.Unknown)]
    [InlineData(500, StatusCode.Unknown)]
    public void Http_status_maps_as_the_table_says(int httpStatus, StatusCode expected) =>
        Assert.Equal(expected, StatusMapping.FromHttpStatus(httpStatus));

    [Theory]
    [InlineData(0, StatusCode.Internal)]
    [InlineData(1, StatusCode.Internal)]
    [InlineData(2, StatusCode.Internal)]
    [InlineData(7, StatusCode.Unavailable)]
    [InlineData(8, StatusCode.Cancelled)]
    [InlineData(11, StatusCode.ResourceExhausted)]
    [InlineData(12, StatusCode.PermissionDenied)]
    [InlineData(13, StatusCode.Internal)]
    public void Reset_code_maps_as_the_table_says(long code, StatusCode expected) =>
        Assert.Equal(expected, StatusMapping.FromResetCode(code));

    [Theory]
    [InlineData("0", StatusCode.OK)]
    [InlineData("16", StatusCode.Unauthenticated)]
    [InlineData("17", StatusCode.Unknown)]
    [InlineData("-1", StatusCode.Unknown)]
    [InlineData("banana", StatusCode.Unknown)]
    [InlineData("+0", StatusCode.Unknown)]
    [InlineData(" 0", StatusCode.Unknown)]
    [InlineData("00", StatusCode.Unknown)]
    [InlineData("", StatusCode.Unknown)]
    [InlineData("5\0", StatusCode.Unknown)] // found by ParserFuzzTests
    public void Unknown_status_codes_are_unknown(string value, StatusCode expected) =>
        Assert.Equal(expected, StatusMapping.FromStatusHeader(value));

    [Fact]
    public void Any_messages_survive_framing_whatever_the_chunks_and_the_compression() => Check.QuickThrowOnFailure(
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonNull<byte[][]>>(),
            ArbMap.Default.ArbFor<PositiveInt>(),
            ArbMap.Default.ArbFor<bool>(),
            (given, chunk, gzip) =>
        {
            var messages = given.Get.Select(bytes => Enumerable.Repeat(bytes ?? [], 50).SelectMany(b => b).ToArray()).ToList();
            var wire = messages.SelectMany(message => Frame(message, gzip)).ToArray();
            var read = ReadAllAsync(wire, chunk.Get, gzip, maxBytes: null).GetAwaiter().GetResult();
            return read.Count == messages.Count && read.Zip(messages).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
        }));

    [Fact]
    public void Gzip_shrinks_what_is_worth_it_and_leaves_small_messages_plain()
    {
        Assert.InRange(Frame(new byte[100_000], gzip: true).Length, 6, 1000);
        Assert.Equal(1, Frame(new byte[100_000], gzip: true)[0]);
        Assert.Equal(0, Frame(new byte[10], gzip: true)[0]);
    }

    [Theory]
    [InlineData("0000000005AABB", StatusCode.Internal)] // ends inside the message
    [InlineData("000000", StatusCode.Internal)] // ends inside the prefix
    [InlineData("0200000000", StatusCode.Internal)] // a flag that does not exist
    [InlineData("0100000001AA", StatusCode.Internal)] // compressed, but no encoding announced
    [InlineData("00000003E9", StatusCode.ResourceExhausted)] // one byte over the limit, refused by its prefix alone
    [InlineData("00FFFFFFFF", StatusCode.ResourceExhausted)]
    public async Task Malformed_frames_are_refused(string hex, StatusCode expected)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAllAsync(Convert.FromHexString(hex), 1, gzip: false, maxBytes: 1000));
        Assert.Equal(expected, error.StatusCode);
    }

    [Fact]
    public async Task Message_that_unpacks_beyond_the_limit_is_refused_at_the_limit()
    {
        var bomb = Frame(new byte[50_000_000], gzip: true);

        var error = await Assert.ThrowsAsync<RpcException>(() => ReadAllAsync(bomb, bomb.Length, gzip: true, maxBytes: 1_000_000));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Compressed_garbage_is_refused()
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            () => ReadAllAsync(Convert.FromHexString("0100000004DEADBEEF"), 100, gzip: true, maxBytes: null));
        Assert.Equal(StatusCode.Internal, error.StatusCode);
    }

    [Fact]
    public void Binary_metadata_is_read_padded_unpadded_and_joined()
    {
        var metadata = new Metadata();

        MetadataCodec.AddReceived(metadata, "A-Bin", "AQ==,AQ,AQID, AQI=");
        MetadataCodec.AddReceived(metadata, "b-bin", "not*base64");
        MetadataCodec.AddReceived(metadata, "text", "a,b");
        MetadataCodec.AddReceived(metadata, "grpc-timeout", "1S");

        Assert.Equal(["01", "01", "010203", "0102"], metadata.GetAll("a-bin").Select(entry => Convert.ToHexString(entry.ValueBytes)));
        Assert.Equal(["a,b"], metadata.GetAll("text").Select(entry => entry.Value));
        Assert.Equal(5, metadata.Count);
    }

    [Fact]
    public void Binary_metadata_is_sent_without_padding() =>
        Assert.Equal("AQ", MetadataCodec.EncodeValue(new Metadata.Entry("a-bin", [1])));

    private static byte[] Frame(byte[] message, bool gzip)
    {
        using var frame = new MessageWriter(null, gzip).Frame(message, Bytes, null);
        return frame.Written.ToArray();
    }

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static async Task<List<byte[]>> ReadAllAsync(byte[] wire, int chunkBytes, bool gzip, int? maxBytes)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        foreach (var chunk in wire.Chunk(chunkBytes))
            pipe.Writer.Write(chunk);
        await pipe.Writer.CompleteAsync();
        var reader = new MessageReader(pipe.Reader, maxBytes, gzip);
        var messages = new List<byte[]>();
        while (await reader.ReadAsync(Bytes, CancellationToken.None) is { } message)
            messages.Add(message);
        return messages;
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }

        return true;
    }
}
