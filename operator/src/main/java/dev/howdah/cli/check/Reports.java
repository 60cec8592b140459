// Copyright The Howdah Authors
// SPDX-License-Identifier: Apache-2.0
package dev.howdah.cli.check;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Answers in the forms that build servers and code hosts read. */
final class Reports {
    private static final String EXPECTATION = "FailedExpectation";
    private static final String OBJECT = "InvalidObject";
    private static final Map<String, String> RULES = Map.of(
            EXPECTATION, "What a howdah-test.yaml expects of a claim does not hold.",
            OBJECT, "An object of a test is not valid.");

    private Reports() {}

    /** JUnit's XML: a suite for each test file, a case for each expectation. */
    static String junit(TestAnswer answer) {
        var text = new StringWriter();
        try {
            var xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuites");
            xml.writeAttribute("name", "howdah test");
            xml.writeAttribute("tests", String.valueOf(answer.passed() + answer.failed()));
            xml.writeAttribute("failures", String.valueOf(answer.failed()));
            for (var suite : answer.suites()) {
                suite(xml, suite);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a text takes any XML", e);
        }
        return text + "\n";
    }

    private static void suite(XMLStreamWriter xml, Suite suite) throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", printable(suite.file()));
        xml.writeAttribute("tests", String.valueOf(suite.cases().size()));
        xml.writeAttribute("failures", String.valueOf(suite.failed()));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", "0");
        for (var one : suite.cases()) {
            xml.writeCharacters("\n    ");
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", printable(suite.file()));
            xml.writeAttribute("name", printable(one.name()));
            if (!one.passed()) {
                xml.writeCharacters("\n      ");
                xml.writeStartElement("failure");
                xml.writeAttribute("message", printable(one.failures().getFirst()));
                xml.writeCharacters(
                        printable(String.join("\n", one.failures()) + "\n%s:%d".formatted(suite.file(), one.line())));
                xml.writeEndElement();
                xml.writeCharacters("\n    ");
            }
            xml.writeEndElement();
        }
        xml.writeCharacters("\n  ");
        xml.writeEndElement();
    }

    /** XML has no way to write most control characters. */
    private static String printable(String text) {
        var printable = new StringBuilder();
        text.codePoints()
                .forEach(c -> printable.appendCodePoint(
                        (c < ' ' && c != '\n' && c != '\t')
                                        || (c >= 0xD800 && c <= 0xDFFF)
                                        || c == 0xFFFE
                                        || c == 0xFFFF
                                ? '?'
                                : c));
        return printable.toString();
    }

    /** SARIF 2.1.0: a result for each failure, at its line. */
    static String sarif(TestAnswer answer) {
        var nodes = JsonNodeFactory.instance;
        var root = nodes.objectNode();
        root.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        root.put("version", "2.1.0");
        var run = root.putArray("runs").addObject();
        var driver = run.putObject("tool").putObject("driver").put("name", "howdah");
        var rules = driver.putArray("rules");
        RULES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(rule -> rules.addObject()
                        .put("id", rule.getKey())
                        .putObject("shortDescription")
                        .put("text", rule.getValue()));
        var results = run.putArray("results");
        for (var suite : answer.suites()) {
            for (var one : suite.cases()) {
                if (!one.passed()) {
                    results.add(result(suite, one));
                }
            }
        }
        return root.toPrettyString() + "\n";
    }

    private static ObjectNode result(Suite suite, Suite.Case one) {
        var result = JsonNodeFactory.instance.objectNode();
        var object = one.ofObject();
        result.put("ruleId", object ? OBJECT : EXPECTATION);
        result.put("level", "error");
        result.putObject("message").put("text", one.name() + ": " + String.join("\n", one.failures()));
        var here = new Suite.Spot(suite.file(), one.line());
        var main = object && one.related() != null ? one.related() : here;
        location(result.putArray("locations").addObject(), main);
        if (!object && one.related() != null) {
            location(result.putArray("relatedLocations").addObject(), one.related());
        }
        return result;
    }

    private static void location(ObjectNode location, Suite.Spot spot) {
        var physical = location.putObject("physicalLocation");
        physical.putObject("artifactLocation").put("uri", uri(spot.file()));
        physical.putObject("region").put("startLine", spot.line());
    }

    /** Relative where the file was named so: code hosts take it as relative to the repository. */
    private static String uri(String file) {
        var path = Path.of(file);
        if (path.isAbsolute()) {
            return path.toUri().toString();
        }
        var base = Path.of("").toAbsolutePath();
        return base.toUri().relativize(base.resolve(path).normalize().toUri()).toString();
    }
}
