// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using ClusterManager.Agent.Inspection;

namespace ClusterManager.Agent.Tests.Inspection;

/// <summary>One question to a name server, and what its answer is worth.</summary>
public sealed class DnsProbeTests
{
    private const string Name = "consul.service.consul";
    private static readonly byte[] Question = DnsProbe.Question(Name, 1);

    [Fact]
    public void The_question_is_as_the_standard_writes_it() => Assert.Equal(
        "00-01-01-00-00-01-00-00-00-00-00-00-06-63-6F-6E-73-75-6C-07-73-65-72-76-69-63-65-06-63-6F-6E-73-75-6C-00-00-01-00-01",
        BitConverter.ToString(Question));

    [Theory]
    [InlineData(0, 1, null)]
    [InlineData(0, 0, "consul.service.consul is not known there")]
    [InlineData(3, 0, "consul.service.consul is not known there")]
    [InlineData(2, 0, "it failed to look the name up")]
    [InlineData(5, 0, "it refuses to answer")]
    public void An_answer_is_judged_by_its_code_and_whether_it_has_an_address(byte code, byte answers, string? problem)
    {
        byte[] answer = [.. Question];
        (answer[3], answer[7]) = (code, answers);
        Assert.Equal(problem, DnsProbe.Judge(Question, answer, Name));
    }

    [Fact]
    public void What_is_no_answer_to_the_question_is_damaged()
    {
        Assert.Equal("the answer is damaged", DnsProbe.Judge(Question, Question.AsSpan(0, 5), Name));
        Assert.Equal("the answer is damaged", DnsProbe.Judge(Question, DnsProbe.Question(Name, 2), Name));
    }

    [Fact]
    public async Task A_server_that_answers_is_understood_and_a_closed_port_is_a_problem()
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var address = (IPEndPoint)server.Client.LocalEndPoint!;
        var asked = DnsProbe.AskAsync(address, Name, CancellationToken.None);
        var question = await server.ReceiveAsync();
        byte[] answer = [.. question.Buffer];
        answer[7] = 1;
        await server.SendAsync(answer, question.RemoteEndPoint);
        Assert.Null(await asked);
        server.Close();
        Assert.NotNull(await DnsProbe.AskAsync(address, Name, CancellationToken.None));
    }
}
