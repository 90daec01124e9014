// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Taking the engine's output apart, however it is cut on the way.</summary>
public sealed class LogFrameDecoderTests
{
    private const string Time = "2026-01-02T03:04:05.000000006Z";
    private const long Nanoseconds = 1_767_323_045_000_000_006;

    [Fact]
    public void Lines_are_the_same_wherever_the_bytes_are_cut()
    {
        byte[] bytes = [.. Frame(1, $"{Time} one\n"), .. Frame(2, $"{Time} zwö\n"), .. Frame(1, ""), .. Frame(1, $"{Time} \n"),
            .. Frame(1, $"{Time} tail")];
        LogLine[] expected =
        [
            new(Nanoseconds, LogStream.Stdout, "one"), new(Nanoseconds, LogStream.Stderr, "zwö"), new(Nanoseconds, LogStream.Stdout, ""),
            new(Nanoseconds, LogStream.Stdout, "tail"),
        ];

        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
                Assert.Equal(expected, Decode(tty: false, bytes[..first], bytes[first..second], bytes[second..]));
        }
    }

    [Fact]
    public void A_line_of_several_messages_keeps_its_first_time_and_loses_the_others()
    {
        const string Later = "2026-01-02T03:04:06.000000000Z";
        var lines = Decode(tty: false, [.. Frame(1, $"{Time} abc"), .. Frame(2, $"{Later} between\n"), .. Frame(1, $"{Later} def\n")]);

        Assert.Equal([(LogStream.Stderr, "between"), (LogStream.Stdout, "abcdef")], lines.Select(line => (line.Stream, line.Text)));
        Assert.Equal(Nanoseconds, lines[1].UnixNanoseconds);
    }

    [Fact]
    public void A_message_of_several_lines_gives_all_of_them_its_time()
    {
        var lines = Decode(tty: false, Frame(1, $"{Time} a\nb\n2026 is no time\n"));

        Assert.Equal(["a", "b", "2026 is no time"], lines.Select(line => line.Text));
        Assert.All(lines, line => Assert.Equal(Nanoseconds, line.UnixNanoseconds));
    }

    [Theory]
    [InlineData("no time at all\n", "no time at all")]
    [InlineData("word\n", "word")]
    [InlineData("2026-01-02T03:04:05Z short\n", "2026-01-02T03:04:05Z short")]
    [InlineData("averyveryveryverylongfirstwordwithoutanytime\n", "averyveryveryverylongfirstwordwithoutanytime")]
    [InlineData("\n", "")]
    [InlineData("cut", "cut")]
    public void Text_without_a_time_stays_whole(string text, string expected) =>
        Assert.Equal([new LogLine(0, LogStream.Stdout, expected)], Decode(tty: false, Frame(1, text)));

    [Fact]
    public void A_terminal_has_no_frames_and_its_carriage_returns_are_dropped()
    {
        var bytes = Encoding.UTF8.GetBytes($"{Time} one\r\n{Time} two\r\nno time\r\n{Time} a\rb");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(
                [
                    new LogLine(Nanoseconds, LogStream.Stdout, "one"), new(Nanoseconds, LogStream.Stdout, "two"),
                    new(Nanoseconds, LogStream.Stdout, "no time"), new(Nanoseconds, LogStream.Stdout, "a\rb"),
                ],
                Decode(tty: true, bytes[..cut], bytes[cut..]));
        }
    }

    [Fact]
    public void A_carriage_return_of_a_program_without_terminal_stays() =>
        Assert.Equal("one\r", Assert.Single(Decode(tty: false, Frame(1, $"{Time} one\r\n"))).Text);

    [Fact]
    public void A_line_longer_than_the_limit_comes_in_pieces_that_say_so()
    {
        var lines = Decode(tty: false, Frame(1, $"{Time} {new string('x', (2 * LogLine.LengthBytesMax) + 1)}\n"));

        Assert.Equal([(LogLine.LengthBytesMax, true), (LogLine.LengthBytesMax, true), (1, false)],
            lines.Select(line => (line.Text.Length, line.Continues)));
        Assert.All(lines, line => Assert.Equal(Nanoseconds, line.UnixNanoseconds));
    }

    [Fact]
    public void A_line_of_exactly_the_limit_is_one_line() =>
        Assert.False(Assert.Single(Decode(tty: false, Frame(1, $"{Time} {new string('x', LogLine.LengthBytesMax)}\n"))).Continues);

    [Fact]
    public void Bytes_that_are_no_text_are_replaced() =>
        Assert.Equal("a\uFFFDb",
            Assert.Single(Decode(tty: false, Frame(1, [.. Encoding.ASCII.GetBytes($"{Time} a"), 0xFF, (byte)'b', (byte)'\n']))).Text);

    [Fact]
    public void An_error_of_the_engine_inside_the_stream_is_thrown()
    {
        var exception = Assert.Throws<DockerException>(() => Decode(tty: false, Frame(3, "error grabbing logs: disk on fire")));

        Assert.Equal(DockerErrorKind.ServerError, exception.Kind);
        Assert.Equal("error grabbing logs: disk on fire", exception.Message);
    }

    [Fact]
    public void Bytes_that_are_no_frames_are_refused() =>
        Assert.Equal(DockerErrorKind.ServerError,
            Assert.Throws<DockerException>(() => Decode(tty: false, "plain text without frames"u8.ToArray())).Kind);

    private static byte[] Frame(byte stream, string text) => Frame(stream, Encoding.UTF8.GetBytes(text));

    private static byte[] Frame(byte stream, byte[] body)
    {
        var frame = new byte[8 + body.Length];
        frame[0] = stream;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), body.Length);
        body.CopyTo(frame, 8);
        return frame;
    }

    private static List<LogLine> Decode(bool tty, params byte[][] parts)
    {
        var decoder = new LogFrameDecoder(tty);
        var lines = new Queue<LogLine>();
        foreach (var part in parts)
            decoder.Feed(part, lines);
        decoder.Finish(lines);
        return [.. lines];
    }
}
