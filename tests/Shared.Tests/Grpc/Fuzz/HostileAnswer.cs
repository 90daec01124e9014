// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Shared.Tests.Grpc.Fixtures;

namespace ClusterManager.Shared.Tests.Grpc.Fuzz;

/// <summary>Answers to a call as frames.</summary>
internal static class HostileAnswer
{
    private static readonly string[] Keys =
        ["grpc-status", "grpc-message", "grpc-encoding", "x-text", "raw-bin", "grpc-status-details-bin", "content-type", "grpc-timeout"];

    /// <summary>No messages, status OK.</summary>
    public static IEnumerable<byte[]> Good(int stream)
    {
        yield return Headers(stream, 0, [(":status", "200"), ("content-type", "application/grpc")]);
        yield return Headers(stream, RawFrames.EndStream, [("grpc-status", "0")]);
    }

    /// <summary>An answer that ends: with END_STREAM, with a reset, or with the connection.</summary>
    public static IEnumerable<byte[]> Draw(FuzzInputs inputs, int stream, bool breaksHttp)
    {
        var head = new List<(string, string)> { (":status", inputs.Chance(0.85) ? "200" : $"{200 + inputs.Next(400)}") };
        if (inputs.Chance(0.9)) head.Add(("content-type", inputs.Chance(0.9) ? "application/grpc" : inputs.HeaderText().Trim()));
        AddNoise(inputs, head, 3);
        if (breaksHttp && inputs.Chance(0.4))
        {
            yield return RawFrames.Frame((byte)inputs.Next(12), (byte)inputs.Next(256), inputs.Chance(0.5) ? stream : inputs.Next(100),
                inputs.Bytes(60));
        }

        if (inputs.Chance(0.15))
        {
            yield return Headers(stream, RawFrames.EndStream, head);
            yield break;
        }

        yield return Headers(stream, 0, head);
        foreach (var piece in inputs.Pieces(inputs.Frames()))
            yield return RawFrames.Frame(RawFrames.Data, 0, stream, piece.Span);
        foreach (var end in End(inputs, stream)) yield return end;
    }

    private static IEnumerable<byte[]> End(FuzzInputs inputs, int stream)
    {
        var trailers = new List<(string, string)>();
        if (inputs.Chance(0.8)) trailers.Add(("grpc-status", inputs.Chance(0.7) ? $"{inputs.Next(20)}" : inputs.HeaderText().Trim()));
        if (inputs.Chance(0.5)) trailers.Add(("grpc-message", inputs.HeaderText().Trim()));
        AddNoise(inputs, trailers, 2);
        if (inputs.Chance(0.15)) yield return RawFrames.Number(RawFrames.Reset, stream, inputs.Next(16));
        else if (inputs.Chance(0.1) || trailers.Count == 0) yield return RawFrames.Frame(RawFrames.Data, RawFrames.EndStream, stream, []);
        else yield return Headers(stream, RawFrames.EndStream, trailers);
    }

    private static void AddNoise(FuzzInputs inputs, List<(string, string)> headers, int most)
    {
        for (var count = inputs.Next(most); count > 0; count--) headers.Add((Keys[inputs.Next(Keys.Length)], inputs.HeaderText().Trim()));
    }

    private static byte[] Headers(int stream, byte flags, IEnumerable<(string, string)> headers) =>
        RawFrames.Frame(RawFrames.Headers, (byte)(flags | RawFrames.EndHeaders), stream, RawFrames.Block(headers));
}
